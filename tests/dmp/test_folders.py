"""DMP-61: folders and pins, as the services keep them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.access import AccessDeniedError, Actor, Rights, Role, Section
from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.common.text import fold
from apps.dmp import policies, services
from apps.dmp.filters import Filters, StateChoice
from apps.dmp.models import Document, Folder
from apps.dmp.models.folder import NAME_AT_MOST
from apps.dmp.services import FolderFault
from tests import factories
from tests.dmp.factories import filed
from tests.dmp.rows import document
from tests.dmp.test_policies import DOCTOR
from tests.harness.clock import NOON

LATER = NOON + timedelta(days=1)
DOCUMENTS = frozenset({Section.DOCUMENTS})
DEPRECATED = Document.Availability.DEPRECATED


@pytest.fixture
def space(db):
    return factories.space()


@pytest.fixture
def holder(space):
    return factories.holder(space, user_id=uuid7())


def made(actor, name="Genou", **values):
    return services.create_folder(actor=actor, **{"folder_id": uuid7(), "name": name, "at": NOON, **values})


def relative(space, role=Role.DELEGATE, **rights):
    given_rights = Rights(space_open=True, **{"rights_until": LATER, **rights})
    return Actor(role=role, at=NOON, space_id=space.id, user_id=uuid7(), rights=given_rights)


def lines(space):
    found = [(line.action, line.outcome, line.target) for line in events_of(space.id).filter(at=NOON)]
    return found[::-1]


def file(actor, rows, folder_id):
    return services.move_documents(actor=actor, document_ids=[row.id for row in rows], folder_id=folder_id, at=NOON)


class TestCreate:
    def test_dmp_61_stores_the_name_and_one_line_without_it(self, space, holder):
        folder = made(holder, "  Genou \n droit ")

        folder.refresh_from_db()
        assert (folder.name, folder.folded, folder.created_at) == ("Genou droit", "GENOU DROIT", NOON)
        line = events_of(space.id).get()
        assert (line.action, line.target, line.rule) == ("dmp.folder.create", f"folder:{folder.id}", "DMP-61")
        assert "enou" not in str(line.__dict__)

    @pytest.mark.parametrize("name", ["Été", "ete", "ÉTÉ", " été ", "E\u0301te\u0301", "é\u200bté"])
    def test_dmp_61_a_name_is_there_once_whatever_case_and_accents(self, space, holder, name):
        made(holder, "Été")

        with pytest.raises(services.FolderRefusedError) as caught:
            made(holder, name)

        assert caught.value.fault == FolderFault.NAME_TAKEN
        assert Folder.objects.filter(space=space).count() == 1

    def test_another_space_may_have_the_same_name(self, holder):
        made(holder)
        made(factories.holder(factories.space()))
        assert Folder.objects.count() == 2

    @pytest.mark.parametrize("name", ["", "   ", "\x00\u202e", "-- '"])
    def test_a_name_has_something_to_read(self, holder, name):
        with pytest.raises(services.FolderRefusedError) as caught:
            made(holder, name)
        assert caught.value.fault == FolderFault.NAME_EMPTY

    def test_fifty_characters_and_no_more(self, holder):
        assert len(made(holder, "é" * 50).name) == 50
        with pytest.raises(services.FolderRefusedError) as caught:
            made(holder, "x" * 51)
        assert caught.value.fault == FolderFault.NAME_TOO_LONG

    def test_fifty_letters_that_become_three_fit(self, holder):
        assert made(holder, "\ufb03" * 50).folded == "FFI" * 50

    def test_hundred_folders_and_no_more(self, space, holder):
        Folder.objects.bulk_create(
            Folder(space=space, name=f"N{number}", folded=f"N{number}", created_at=NOON) for number in range(99)
        )
        made(holder)
        with pytest.raises(services.FolderRefusedError) as caught:
            made(holder, "Un de plus")
        assert caught.value.fault == FolderFault.TOO_MANY

    def test_the_same_form_twice_makes_one(self, space, holder):
        token = uuid7()
        assert made(holder, folder_id=token) == made(holder, "GENOU", folder_id=token)
        assert lines(space) == [("dmp.folder.create", "permit", f"folder:{token}")]

    def test_the_same_form_with_another_name_makes_another(self, holder):
        token = uuid7()
        first, second = made(holder, folder_id=token), made(holder, "Coude", folder_id=token)
        assert (first.name, second.name) == ("Genou", "Coude")
        assert first.id != second.id

    def test_the_database_refuses_a_second_name_and_a_document_of_elsewhere(self, space, holder):
        folder = made(holder)
        with pytest.raises(IntegrityError, match="dmp_folder_one_a_name"), transaction.atomic():
            Folder.objects.create(space=space, name="genou", folded="GENOU", created_at=NOON)
        with pytest.raises(IntegrityError, match="dmp_document_folder_same_space"), transaction.atomic():
            document(factories.space(), folder_id=folder.id)
            transaction.get_connection().check_constraints()


class TestRenameAndDelete:
    def test_renames_with_one_line(self, space, holder):
        folder = made(holder)
        for _ in range(2):
            services.rename_folder(actor=holder, folder_id=folder.id, name="Coude", at=NOON)
        folder.refresh_from_db()
        assert (folder.name, folder.folded) == ("Coude", "COUDE")
        assert [action for action, *_ in lines(space)] == ["dmp.folder.create", "dmp.folder.rename"]

    def test_only_the_accents_may_change(self, holder):
        folder = made(holder, "ete")
        assert services.rename_folder(actor=holder, folder_id=folder.id, name="Été", at=NOON).name == "Été"

    def test_the_name_of_another_folder_is_taken(self, holder):
        made(holder)
        folder = made(holder, "Coude")
        with pytest.raises(services.FolderRefusedError) as caught:
            services.rename_folder(actor=holder, folder_id=folder.id, name="GENOU", at=NOON)
        assert caught.value.fault == FolderFault.NAME_TAKEN

    def test_dmp_61_deleting_keeps_the_documents(self, space, holder):
        folder, rows = made(holder), [document(space), document(space)]
        file(holder, rows, folder.id)

        for _ in range(2):  # a second click is the same success
            services.delete_folder(actor=holder, folder_id=folder.id, at=NOON)

        assert not Folder.objects.exists()
        assert list(Document.objects.filter(space=space).values_list("folder_id", flat=True)) == [None, None]
        assert [line for line in lines(space) if line[0] == "dmp.folder.delete"] == [
            ("dmp.folder.delete", "permit", f"folder:{folder.id}")
        ]

    def test_sec_05_deleting_takes_out_what_the_actor_does_not_see(self, space, holder):
        folder = made(holder)
        row = document(space, folder_id=folder.id, concealed_until=LATER)
        services.delete_folder(actor=holder, folder_id=folder.id, at=NOON)
        row.refresh_from_db()
        assert row.folder_id is None

    def test_sec_01_a_folder_of_another_space_is_not_found(self, space, holder):
        folder = made(factories.holder(factories.space()))
        for act in (
            lambda: services.rename_folder(actor=holder, folder_id=folder.id, name="Pris", at=NOON),
            lambda: services.delete_folder(actor=holder, folder_id=folder.id, at=NOON),
            lambda: services.counted_folder(actor=holder, folder_id=folder.id),
        ):
            with pytest.raises(services.FolderNotFoundError):
                act()
        assert Folder.objects.get().name == "Genou"
        assert lines(space) == []


class TestMove:
    def test_dmp_61_moves_all_with_a_line_each_and_leaves_the_record_alone(self, space, holder):
        folder, rows = made(holder), [document(space), document(space)]

        assert file(holder, rows, folder.id) == 2

        found = Document.objects.filter(folder_id=folder.id)
        assert {(row.id, row.entry_id) for row in found} == {(row.id, row.entry_id) for row in rows}
        moved = events_of(space.id).filter(action="dmp.document.file")
        assert {(line.target, line.rule, line.facts["folder"]) for line in moved} == {
            (f"document:{row.id}", "DMP-61", str(folder.id)) for row in rows
        }

    def test_what_is_there_already_is_left_and_none_takes_out(self, space, holder):
        folder, row = made(holder), document(space)
        for folder_id in (folder.id, folder.id, None, None):
            file(holder, [row], folder_id)
        row.refresh_from_db()
        assert row.folder_id is None
        assert [action for action, *_ in lines(space)].count("dmp.document.file") == 2

    def test_sec_02_one_foreign_document_stops_all(self, space, holder):
        folder, mine, foreign = made(holder), document(space), document(factories.space())

        with pytest.raises(services.DocumentNotFoundError):
            file(holder, [mine, foreign], folder.id)

        assert not Document.objects.filter(folder_id__isnull=False).exists()
        assert lines(space)[1:] == [("dmp.document.file", "deny", "")]

    def test_sec_02_a_foreign_folder_stops_all(self, space, holder):
        elsewhere, row = made(factories.holder(factories.space())), document(space)

        with pytest.raises(services.FolderNotFoundError):
            file(holder, [row], elsewhere.id)

        row.refresh_from_db()
        assert row.folder_id is None
        assert lines(space) == [("dmp.document.file", "deny", "")]

    def test_a_new_folder_and_its_documents_or_neither(self, space, holder):
        row, foreign, token = document(space), document(factories.space()), uuid7()
        move = services.move_to_new_folder

        with pytest.raises(services.DocumentNotFoundError):
            move(actor=holder, document_ids=[foreign.id], folder_id=token, name="Genou", at=NOON)
        assert not Folder.objects.exists()

        for _ in range(2):
            assert move(actor=holder, document_ids=[row.id], folder_id=token, name="Genou", at=NOON) == token
        row.refresh_from_db()
        assert (row.folder_id, Folder.objects.get().id) == (token, token)

    def test_all_versions_go_together_also_one_not_announced_yet(self, space, holder):
        folder = made(holder)
        first = document(space, availability=DEPRECATED)
        second = document(space, replaces_id=first.id, availability=DEPRECATED)
        document(space, replaces_id=second.id, concealed_until=LATER)
        other = document(space)

        file(holder, [second], folder.id)

        assert Document.objects.filter(folder_id=folder.id).count() == 3
        other.refresh_from_db()
        assert other.folder_id is None
        assert [target for action, _, target in lines(space) if action == "dmp.document.file"] == [
            f"document:{second.id}"
        ]


class TestPin:
    def test_pins_once_and_unpins_once(self, space, holder):
        row = document(space)
        for act in (services.pin_document, services.pin_document, services.unpin_document, services.unpin_document):
            act(actor=holder, document_id=row.id, at=NOON)
        row.refresh_from_db()
        assert row.pinned_at is None
        assert [action for action, *_ in lines(space)] == ["dmp.document.pin", "dmp.document.unpin"]

    def test_sec_01_a_document_of_another_space_is_not_found(self, holder):
        row = document(factories.space())
        with pytest.raises(services.DocumentNotFoundError):
            services.pin_document(actor=holder, document_id=row.id, at=NOON)

    def test_dmp_61_a_new_version_takes_over_folder_and_pin(self, space, holder):
        former, folder = filed(space, author_id="810990000018"), made(holder)
        file(holder, [former], folder.id)
        services.pin_document(actor=holder, document_id=former.id, at=NOON)

        later = filed(
            space, unique_id="1.2.250.1.999.8", replaces=former.unique_id, version=2, author_id="810990000018"
        )

        later.refresh_from_db()
        assert later.replaces_id == former.id
        assert (later.folder_id, later.pinned_at) == (folder.id, NOON)
        assert services.counted_folder(actor=holder, folder_id=folder.id).count == 1


class TestWhoMay:
    def test_representatives_and_managing_delegates_arrange(self, space):
        for number, actor in enumerate(
            (relative(space, Role.REPRESENTATIVE), relative(space, readable=DOCUMENTS, manageable=DOCUMENTS))
        ):
            folder, row = made(actor, f"Dossier {number}"), document(space)
            assert file(actor, [row], folder.id) == 1
            services.pin_document(actor=actor, document_id=row.id, at=NOON)

    @pytest.mark.parametrize(
        ("actor_of", "rule"),
        [
            (lambda space: relative(space, readable=DOCUMENTS), "SPA-55"),
            (lambda space: replace(DOCTOR, space_id=space.id), "DMP-61"),
            (factories.system, "DMP-61"),
        ],
        ids=["delegate who reads", "professional", "system"],
    )
    def test_spa_55_others_are_refused(self, space, holder, actor_of, rule):
        actor, folder, row = actor_of(space), made(holder), document(space)
        acts = [
            lambda: made(actor, "Autre"),
            *([lambda: services.rename_folder(actor=actor, folder_id=folder.id, name="Autre", at=NOON),
               lambda: services.delete_folder(actor=actor, folder_id=folder.id, at=NOON)] * (rule == "SPA-55")),
            *([lambda: file(actor, [row], folder.id),
               lambda: services.pin_document(actor=actor, document_id=row.id, at=NOON)]
              * (actor.role is not Role.SYSTEM)),
        ]  # fmt: skip
        for act in acts:
            with pytest.raises(AccessDeniedError) as caught:
                act()
            assert caught.value.decision.rule == rule
        row.refresh_from_db()
        assert (row.folder_id, row.pinned_at, Folder.objects.get().name) == (None, None, "Genou")

    @pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.DELEGATE])
    def test_sec_04_a_right_that_has_ended_opens_no_folder(self, space, holder, role):
        folder = made(holder)
        actor = relative(space, role, rights_until=NOON, readable=DOCUMENTS, manageable=DOCUMENTS)
        assert not policies.may_arrange(actor)
        assert services.folders_of(actor=actor) == []
        with pytest.raises(services.FolderNotFoundError):
            services.delete_folder(actor=actor, folder_id=folder.id, at=NOON)

    def test_a_space_that_closed_meanwhile_takes_nothing(self, space, holder):
        type(space).objects.filter(pk=space.pk).update(status="closed", closed_at=NOON)
        with pytest.raises(AccessDeniedError):
            made(holder)

    def test_dmp_61_professionals_see_neither_folders_nor_pins(self, space, holder):
        folder = made(holder)
        document(space, folder_id=folder.id, pinned_at=NOON)
        doctor = replace(DOCTOR, space_id=space.id)
        assert services.folders_of(actor=doctor) == []
        asked = (Filters(), Filters(folder=str(folder.id)), Filters(state=StateChoice.PINNED))
        found = [services.find_documents(actor=doctor, filters=one, today=NOON.date()).total for one in asked]
        assert found == [1, 0, 0]

    def test_a_delegate_who_reads_sees_folders(self, space, holder):
        made(holder)
        assert len(services.folders_of(actor=relative(space, readable=DOCUMENTS))) == 1
        assert services.folders_of(actor=relative(space)) == []


class TestCounts:
    def test_sec_05_counts_what_the_reader_finds_in_the_list(self, space, holder):
        folder = made(holder)
        document(space, folder_id=folder.id)
        document(space, folder_id=folder.id, concealed_until=LATER)
        document(space, folder_id=folder.id, availability=DEPRECATED)
        document(space, folder_id=folder.id, kept_from_representatives=True)
        document(space)

        def counted(actor):
            return [found.count for found in services.counted_folders(actor=actor)]

        assert counted(holder) == [2]
        assert counted(relative(space, Role.REPRESENTATIVE)) == [1]
        assert counted(relative(space, readable=DOCUMENTS)) == [1]

    def test_folders_stand_in_alphabetical_order(self, holder):
        for name in ("zona", "Été", "eczéma", "Angine"):
            made(holder, name)
        assert [folder.name for folder in services.folders_of(actor=holder)] == ["Angine", "eczéma", "Été", "zona"]

    @pytest.mark.parametrize("count", [1, 20])
    def test_two_queries_whatever_the_number(self, space, holder, count, django_assert_num_queries):
        for number in range(count):
            document(space, folder_id=made(holder, f"N{number}").id)
        with django_assert_num_queries(2):
            assert [found.count for found in services.counted_folders(actor=holder)] == [1] * count


@given(st.text(max_size=NAME_AT_MOST))
def test_the_column_holds_every_folded_name(name):
    assert len(fold(name)) <= Folder._meta.get_field("folded").max_length
