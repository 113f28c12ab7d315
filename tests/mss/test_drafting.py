"""Drafts: one a conversation, sealed, never lost, never written over (MSS-36, MSS-56 to MSS-58)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from apps.access import AccessDeniedError, Actor, Role
from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.files.models import StoredFile
from apps.mss import policies
from apps.mss.bodies import Bodies
from apps.mss.models import Draft, DraftFile, Message
from apps.mss.services import drafting
from apps.mss.services.attachable import FILES_AT_MOST, FileFault, FileRefusedError, Upload
from apps.mss.services.drafting import Added, AlreadySentError, DraftChangedError, DraftNotFoundError, Place
from tests import factories
from tests.dmp.rows import document
from tests.harness.clock import NOON
from tests.mss.writing import (
    JPEG,
    PDF,
    Judge,
    attach,
    box_in,
    conversation,
    draft_in,
    file_of,
    helper,
    place_of,
    words,
    writer,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def thread(space):
    return conversation(space)


def acts(space) -> list[str]:
    return [event.action for event in events_of(space.id) if event.action.startswith("mss.draft")]


class TestSave:
    def test_mss_36_one_draft_a_conversation(self, space, thread):
        first = draft_in(thread)
        again = drafting.save(
            actor=writer(space),
            place=place_of(thread),
            words=words("Bonjour docteur, merci.", draft_id=first.id, seen_at=first.saved_at),
            at=LATER,
        )
        assert again.id == first.id
        assert Draft.objects.count() == 1
        assert drafting.text_of(again) == "Bonjour docteur, merci."
        assert acts(space) == ["mss.draft.save", "mss.draft.save"]

    def test_the_text_is_sealed(self, thread):
        draft = draft_in(thread, text="J'ai mal au genou.")
        with connection.cursor() as cursor:
            cursor.execute("SELECT body_sealed FROM mss_draft WHERE space_id = %s", [thread.space_id])
            (sealed,) = cursor.fetchone()
        assert sealed
        assert "genou" not in sealed
        assert drafting.text_of(draft) == "J'ai mal au genou."

    def test_the_same_again_writes_nothing(self, space, thread):
        first = draft_in(thread)
        again = draft_in(thread, at=LATER)
        assert again.saved_at == first.saved_at
        assert acts(space) == ["mss.draft.save"]

    def test_marks_that_turn_the_writing_are_taken_off(self, space, thread):
        box = box_in(thread)
        draft = drafting.save(
            actor=writer(space),
            place=Place(correspondent_id=box.id),
            words=words("a\u202eb\x00c\r\nd", subject="Mon\u202e sujet\r\nBcc: x"),
            at=NOON,
        )
        assert drafting.text_of(draft) == "abc\nd"
        assert draft.subject == "Mon sujet Bcc: x"

    def test_a_text_that_somebody_else_saved_is_not_written_over(self, space, thread):
        first = draft_in(thread)
        other = helper(space)
        theirs = words("Je suis sa fille.", draft_id=first.id, seen_at=first.saved_at)
        drafting.save(actor=other, place=place_of(thread), words=theirs, at=LATER)

        mine = words("Autre chose.", draft_id=first.id, seen_at=first.saved_at)
        with pytest.raises(DraftChangedError) as changed:
            drafting.save(actor=writer(space), place=place_of(thread), words=mine, at=LATER)

        assert drafting.text_of(changed.value.draft) == "Je suis sa fille."
        assert changed.value.draft.saved_by_id == other.user_id

    def test_two_pages_that_both_began_are_not_mixed(self, space, thread):
        draft_in(thread, text="Le premier.")
        with pytest.raises(DraftChangedError):
            drafting.save(actor=writer(space), place=place_of(thread), words=words("Le second."), at=LATER)

    def test_a_new_message_has_a_draft_of_its_own(self, space, thread):
        answer = draft_in(thread)
        place = Place(correspondent_id=box_in(thread).id)
        new = drafting.save(actor=writer(space), place=place, words=words("Autre sujet.", subject="Genou"), at=NOON)
        assert new.id != answer.id
        assert drafting.find(actor=writer(space), place=place) == new
        assert drafting.find(actor=writer(space), place=place_of(thread)) == answer

    def test_a_form_that_comes_again_after_the_sending_finds_the_message(self, space, thread):
        actor, draft_id = writer(space), uuid7()
        Message.objects.create(
            id=draft_id, space_id=space.id, thread_id=thread.id, direction="out", message_id="x@y", received_at=NOON,
            author_id=actor.user_id, body_sealed=Bodies(space.id).seal("Bonjour.", row_id=draft_id),
        )  # fmt: skip
        for text in ("Bonjour.", ""):
            with pytest.raises(AlreadySentError) as sent:
                drafting.save(actor=actor, place=place_of(thread), words=words(text, draft_id=draft_id), at=LATER)
            assert sent.value.message.id == draft_id
        assert Draft.objects.count() == 0
        kept = drafting.save(actor=actor, place=place_of(thread), words=words("Autre.", draft_id=draft_id), at=LATER)
        assert kept.id != draft_id

    def test_who_may_no_longer_write_to_the_box_keeps_the_text(self, space, thread):
        box = box_in(thread)
        box.ended_at = LATER
        box.save(update_fields=["ended_at"])
        assert not policies.may_write(writer(space), box)
        assert drafting.text_of(draft_in(thread)) == "Bonjour docteur."

    def test_sec_01_conversations_and_boxes_of_others_are_not_there(self, thread):
        other = writer(factories.space())
        with pytest.raises(DraftNotFoundError):
            drafting.save(actor=other, place=place_of(thread), words=words(), at=NOON)
        mine = conversation(factories.space())
        with pytest.raises(DraftNotFoundError):
            drafting.save(actor=other, place=Place(correspondent_id=box_in(mine).id), words=words(), at=NOON)

    def test_mss_81_who_may_only_read_writes_nothing_and_sees_no_draft(self, space, thread):
        draft = draft_in(thread)
        reader = helper(space, manages=False)
        with pytest.raises(AccessDeniedError):
            drafting.save(actor=reader, place=place_of(thread), words=words(), at=NOON)
        assert drafting.find(actor=reader, place=place_of(thread)) is None
        assert drafting.files_of(actor=reader, draft_id=draft.id) == []

    def test_mss_14_nobody_writes_without_a_name(self, space, thread):
        with pytest.raises(AccessDeniedError):
            drafting.save(actor=factories.holder(space), place=place_of(thread), words=words(), at=NOON)


class TestVisibleTo:
    @pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.STAFF, Role.PUBLISHER, Role.SYSTEM, Role.NOBODY])
    def test_mss_82_no_other_role_sees_a_draft(self, space, thread, role):
        draft_in(thread)
        assert not Draft.objects.visible_to(Actor(role=role, at=NOON, space_id=space.id)).exists()

    def test_the_filter_is_the_policy(self, space, thread):
        attach(draft_in(thread))
        others = writer(factories.space())
        closed = replace(writer(space), rights=replace(writer(space).rights, space_open=False))
        for actor in (writer(space), helper(space), helper(space, manages=False), others, closed):
            allowed = bool(policies.may_manage(actor)) and actor.space_id == space.id
            assert Draft.objects.visible_to(actor).exists() == allowed
            assert DraftFile.objects.visible_to(actor).exists() == allowed


class TestFiles:
    def test_a_file_waits_for_the_antivirus(self, space, thread):
        row = attach(draft_in(thread), name="genou\u202e.jpg")
        assert (row.name, row.media_type, row.size) == ("genou.jpg", "image/jpeg", len(JPEG))
        assert file_of(row).state == StoredFile.State.WAITING
        assert acts(space)[0] == "mss.draft.file_add"
        assert "genou" not in str(events_of(space.id)[0].facts)

    def test_the_same_file_twice_is_there_once(self, thread):
        draft = draft_in(thread)
        assert attach(draft).id == attach(draft, name="autre.jpg").id
        assert (DraftFile.objects.count(), StoredFile.objects.filter(media_type="image/jpeg").count()) == (1, 1)

    def test_mss_56_what_does_not_fit_is_refused_and_not_kept(self, thread, settings):
        settings.MSS_MAX_MESSAGE_BYTES = 200_000 + 137
        draft = draft_in(thread)
        with pytest.raises(FileRefusedError) as refused:
            attach(draft, name="x.pdf", data=PDF + b" " * 100)
        assert (refused.value.fault, refused.value.room) == (FileFault.TOO_LARGE, 100)
        assert DraftFile.objects.count() == 0
        assert not StoredFile.objects.filter(media_type="application/pdf").exists()

    def test_ten_files_at_most(self, thread):
        draft = draft_in(thread)
        for number in range(FILES_AT_MOST):
            attach(draft, data=JPEG + bytes([number]))
        with pytest.raises(FileRefusedError) as refused:
            attach(draft, data=PDF)
        assert refused.value.fault is FileFault.TOO_MANY

    def test_mss_58_a_program_under_the_name_of_a_picture_is_refused(self, thread):
        with pytest.raises(FileRefusedError):
            attach(draft_in(thread), name="photo.jpg", data=b"MZ\x90\x00")

    def test_mss_57_a_document_of_the_record_is_added_by_its_id_once(self, space, thread):
        draft, row = draft_in(thread), document(space)
        added = Added(
            name="Resultats.xml", media_type="application/xml", size=4_000, vault_id=row.vault_id,
            file_id=row.file_id, document_id=row.id,
        )  # fmt: skip
        first = drafting.add_document(actor=writer(space), draft_id=draft.id, added=added, at=NOON)
        again = drafting.add_document(actor=writer(space), draft_id=draft.id, added=added, at=NOON)
        assert first.id == again.id
        assert (first.document_id, first.file_id) == (row.id, row.file_id)

    def test_removing_destroys_the_bytes_of_a_file_of_the_device(self, space, thread):
        draft = draft_in(thread)
        row = attach(draft, judged=Judge())
        for _ in range(2):  # twice is once
            drafting.remove_file(actor=writer(space), draft_id=draft.id, row_id=row.id, at=LATER)
        assert DraftFile.objects.count() == 0
        file = file_of(row)
        assert (file.state, file.destroyed_at, file.is_readable) == (StoredFile.State.DESTROYED, LATER, False)
        assert acts(space).count("mss.draft.file_remove") == 1

    def test_removing_leaves_a_document_of_the_record(self, space, thread):
        draft, row = draft_in(thread), document(space)
        added = Added(
            name="r.xml", media_type="application/xml", size=1, vault_id=row.vault_id, file_id=row.file_id,
            document_id=row.id,
        )  # fmt: skip
        mine = drafting.add_document(actor=writer(space), draft_id=draft.id, added=added, at=NOON)
        drafting.remove_file(actor=writer(space), draft_id=draft.id, row_id=mine.id, at=LATER)
        assert file_of(mine).state == StoredFile.State.CLEAN

    def test_an_infected_file_stays_in_the_quarantine_of_the_operator(self, space, thread):
        draft = draft_in(thread)
        row = attach(draft, judged=Judge(infected=True))
        drafting.remove_file(actor=writer(space), draft_id=draft.id, row_id=row.id, at=LATER)
        assert file_of(row).state == StoredFile.State.INFECTED

    def test_sec_01_files_of_other_drafts_are_not_touched(self, space, thread):
        draft = draft_in(thread)
        elsewhere = conversation(factories.space())
        row = attach(draft_in(elsewhere))
        drafting.remove_file(actor=writer(space), draft_id=draft.id, row_id=row.id, at=LATER)
        assert DraftFile.objects.filter(id=row.id).exists()
        with pytest.raises(DraftNotFoundError):
            drafting.remove_file(actor=writer(space), draft_id=row.draft_id, row_id=row.id, at=LATER)
        with pytest.raises(DraftNotFoundError):
            drafting.add_file(
                actor=writer(space), draft_id=row.draft_id, upload=Upload(name="a.pdf", data=PDF), at=NOON
            )


class TestDiscard:
    def test_draft_and_files_go_and_the_second_time_nothing_happens(self, space, thread):
        draft = draft_in(thread)
        row = attach(draft)
        for _ in range(2):
            drafting.discard(actor=writer(space), draft_id=draft.id, at=LATER)
        assert Draft.objects.count() == DraftFile.objects.count() == 0
        assert file_of(row).state == StoredFile.State.DESTROYED
        assert acts(space).count("mss.draft.discard") == 1

    def test_sec_01_not_that_of_another_space(self, thread):
        draft = draft_in(thread)
        drafting.discard(actor=writer(factories.space()), draft_id=draft.id, at=LATER)
        assert Draft.objects.filter(id=draft.id).exists()
