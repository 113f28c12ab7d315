"""PU-06: the vault of evidence of a dossier (SEC-11, STO-30, S31, S34, S35)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.files.models import StoredFile, Vault
from apps.store.models import Candidacy, Evidence, Member
from apps.store.services import evidence, evidence_door, evidence_files, evidence_listing, uploads
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError
from apps.store.services.evidence_files import FileFault, FileRefusedError
from apps.store.states import ListingStatus, Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def actor(pia):
    return factories.as_publisher(pia)


@pytest.fixture
def draft(pia) -> Candidacy:
    return factories.candidacy(by=pia)


class TestKinds:
    @pytest.mark.parametrize(
        ("data", "name", "media_type", "kept"),
        [
            (world.PDF, "rapport.pdf", "application/pdf", "rapport.pdf"),
            (world.PDF, "rapport.exe", "application/pdf", "rapport.exe.pdf"),
            (world.png(), "logo.PNG", "image/png", "logo.PNG"),
            (world.png(), "logo.svg", "image/png", "logo.svg.png"),
            (world.CSV, "table.csv", "text/csv", "table.csv"),
            ("é;à\n".encode("cp1252"), "table.csv", "text/csv", "table.csv"),
            (
                world.workbook(),
                "table.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "table.xlsx",
            ),
        ],
    )
    def test_sec_11_content_alone_says_what_a_file_is(self, data, name, media_type, kept):
        upload = world.upload(data, name)
        assert evidence_files.type_of(upload, use="evidence") == media_type
        assert evidence_files.name_of(name, media_type=media_type) == kept

    @pytest.mark.parametrize(
        ("data", "name", "fault"),
        [
            (b"", "vide.pdf", FileFault.EMPTY),
            (world.SVG, "logo.svg", FileFault.KIND),
            (world.SVG, "logo.png", FileFault.KIND),
            (b"\xef\xbb\xbf" + world.SVG, "table.csv", FileFault.KIND),
            (b"<html><script>1</script></html>", "page.csv", FileFault.KIND),
            (b"MZ\x90\x00\x03\x00\x00\x00", "setup.pdf", FileFault.KIND),
            (b"PK\x03\x04 something else", "table.xlsx", FileFault.KIND),
            (b"#!/bin/sh\nrm -rf /\n", "script.sh", FileFault.KIND),
            (b"plain words", "notes.txt", FileFault.KIND),
            (world.workbook(macros=True), "table.xlsx", FileFault.MACROS),
        ],
    )
    def test_s31_what_is_none_of_them_is_refused(self, data, name, fault):
        with pytest.raises(FileRefusedError) as refused:
            evidence_files.type_of(world.upload(data, name), use="evidence")
        assert refused.value.fault is fault

    def test_a_file_of_twenty_megabytes_is_the_largest(self, settings):
        settings.STORE_PDF_BYTES = 100
        evidence_files.type_of(world.upload(world.PDF.ljust(100)), use="evidence")
        with pytest.raises(FileRefusedError) as refused:
            evidence_files.type_of(world.upload(world.PDF.ljust(101)), use="evidence")
        assert refused.value.fault is FileFault.TOO_LARGE

    @pytest.mark.parametrize("use", ["logo", "screenshot"])
    def test_pictures_of_the_page_are_png_or_jpeg(self, use):
        evidence_files.type_of(world.upload(world.png(), "logo.png"), use=use)
        with pytest.raises(FileRefusedError) as refused:
            evidence_files.type_of(world.upload(), use=use)
        assert refused.value.fault is FileFault.NO_PICTURE

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\pia\\audit.pdf", "audit.pdf"),
            ("audit\u202efdp.exe", "auditfdp.exe.pdf"),
            ('a"\r\nSet-Cookie: x.pdf', "a_ Set-Cookie_ x.pdf"),
            ("", "piece.pdf"),
            ("\u200b", "piece.pdf"),
            ("é" * 400 + ".pdf", "é" * 125 + ".pdf"),
        ],
    )
    def test_s21_names_are_cleaned(self, name, kept):
        assert evidence_files.name_of(name, media_type="application/pdf") == kept


class TestAdding:
    def test_a_piece_waits_for_the_antivirus_in_the_vault_of_the_publisher(self, actor, draft, queue):
        piece = evidence.add(
            actor=actor,
            candidacy_id=draft.id,
            upload=world.upload(),
            description=world.about(criteria=("CRI-LEG-01",), valid_until=date(2027, 6, 30)),
            at=NOON,
        )
        stored = StoredFile.objects.get(pk=(piece.vault_id, piece.file_id))
        assert stored.state == "waiting"
        assert (stored.vault.owner_kind, stored.vault.owner_id) == (Vault.Owner.ORGANISATION, draft.publisher_id)
        assert (piece.title, piece.name, piece.media_type, piece.size) == (
            "Rapport d'audit",
            "rapport.pdf",
            "application/pdf",
            len(world.PDF),
        )
        assert (piece.criteria, piece.valid_until, piece.sha256) == (["CRI-LEG-01"], date(2027, 6, 30), stored.sha256)
        assert world.actions(draft) == ["store.evidence.add"]

    def test_sto_47_the_purge_of_the_draft_is_put_off(self, actor, draft):
        world.added(actor, draft)
        draft.refresh_from_db()
        assert draft.touched_at == NOON

    def test_nothing_is_kept_of_a_refused_file(self, actor, draft):
        with pytest.raises(FileRefusedError):
            evidence.add(
                actor=actor, candidacy_id=draft.id, upload=world.upload(world.SVG, "logo.svg"),
                description=world.about(use="logo"), at=NOON,
            )  # fmt: skip
        assert not StoredFile.objects.exists()
        assert not Evidence.objects.exists()

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"title": " \u200b "}, "title"),
            ({"use": "virus"}, "use"),
            ({"criteria": ("CRI-XXX-99",)}, "criteria"),
            ({"use": "screenshot"}, "alternative"),
            ({"issued_on": date(2026, 3, 2), "valid_until": date(2026, 3, 1)}, "valid_until"),
        ],
    )
    def test_descriptions_that_do_not_fit_are_refused(self, actor, draft, values, field):
        with pytest.raises(WrongValueError) as refused:
            world.added(actor, draft, data=world.png(), **values)
        assert refused.value.field == field
        assert not StoredFile.objects.exists()

    def test_a_dossier_holds_two_hundred_pieces_at_most(self, actor, draft, monkeypatch):
        monkeypatch.setattr(evidence, "AT_MOST", 1)
        world.added(actor, draft)
        with pytest.raises(FileRefusedError) as refused:
            world.added(actor, draft)
        assert refused.value.fault is FileFault.TOO_MANY

    def test_sec_09_a_publisher_brings_five_hundred_megabytes_a_day(self, actor, pia, draft, monkeypatch):
        """What was taken away again counts: its bytes stay."""
        monkeypatch.setattr(uploads, "A_DAY", 3 * len(world.CSV))
        other = factories.candidacy(by=pia)
        for dossier in (draft, other, draft):
            piece = world.added(actor, dossier, data=world.CSV, name="table.csv")
            evidence.remove(actor=actor, evidence_id=piece.id, at=NOON)
        kept = StoredFile.objects.count()
        with pytest.raises(FileRefusedError) as refused:
            world.added(actor, other, data=world.CSV, name="table.csv")
        assert (refused.value.fault, StoredFile.objects.count()) == (FileFault.TOO_OFTEN, kept)
        evidence.add(
            actor=actor, candidacy_id=other.id, upload=world.upload(world.CSV, "table.csv"),
            description=world.about(), at=NOON + DAY,
        )  # fmt: skip

    def test_sec_09_a_publisher_brings_so_many_files_an_hour(self, actor, pia, draft, settings):
        settings.LIMITS = {**settings.LIMITS, "publisher_upload": (2, 3600)}
        piece = world.added(actor, draft)
        world.added(factories.as_publisher(world.colleague(pia)), draft)
        with pytest.raises(FileRefusedError) as refused:
            evidence.replace(
                actor=actor, evidence_id=piece.id, seen="", upload=world.upload(world.CSV, "table.csv"),
                description=world.about(), at=NOON,
            )  # fmt: skip
        assert refused.value.fault is FileFault.TOO_OFTEN
        piece.refresh_from_db()
        assert piece.removed_at is None
        world.added(factories.as_publisher(other := factories.member()), factories.candidacy(by=other))

    def test_another_publisher_does_not_see_the_dossier(self, draft):
        stranger = factories.as_publisher(factories.member())
        with pytest.raises(UnknownRowError):
            world.added(stranger, draft)

    def test_whoever_has_left_meanwhile_adds_nothing(self, actor, draft, pia):
        Member.objects.filter(pk=pia.pk).update(ended_at=NOON)
        with pytest.raises(AccessDeniedError):
            world.added(actor, draft)
        assert not Evidence.objects.exists()


class TestListed:
    """A referenced service takes new certificates in the place of old ones (STO-30, STO-74)."""

    def test_sto_30_a_certificate_is_followed_by_a_new_one_that_proves_the_same(self, actor, pia):
        dossier = factories.listing(by=pia).candidacy
        old = factories.evidence(dossier, criteria=["CRI-SEC-08"], valid_until=date(2026, 11, 25))
        about = evidence.Description(title="Certificat HDS 2027", criteria=(), valid_until=date(2029, 11, 25))
        new = evidence.replace(
            actor=actor,
            evidence_id=old.id,
            seen="",
            upload=world.upload(world.PDF, "hds.pdf"),
            description=about,
            at=NOON,
        )
        assert (new.replaces_id, new.criteria, new.valid_until) == (old.id, ["CRI-SEC-08"], date(2029, 11, 25))

    def test_sto_10_nothing_else_of_it_changes(self, actor, pia):
        dossier = factories.listing(by=pia).candidacy
        report = factories.evidence(dossier)
        dated = factories.evidence(dossier, valid_until=date(2026, 11, 25))
        about = evidence.Description(title="Rapport", criteria=())
        upload = world.upload(world.PDF, "r.pdf")
        for act in (
            lambda: evidence.replace(
                actor=actor, evidence_id=report.id, seen="", upload=upload, description=about, at=NOON
            ),
            lambda: evidence.replace(
                actor=actor, evidence_id=dated.id, seen="", upload=upload, description=about, at=NOON
            ),
            lambda: evidence.describe(actor=actor, evidence_id=dated.id, seen="", description=about, at=NOON),
            lambda: evidence.remove(actor=actor, evidence_id=dated.id, at=NOON),
            lambda: world.added(actor, dossier),
        ):
            with pytest.raises(WrongValueError):
                act()
        assert Evidence.objects.filter(removed_at=None).count() == 2

    def test_a_service_that_has_left_takes_none(self, actor, pia):
        dossier = factories.listing(ListingStatus.WITHDRAWN, ended_at=NOON, by=pia).candidacy
        assert evidence_door.door_of(dossier) == evidence_door.CLOSED


class TestDoor:
    @pytest.mark.parametrize("status", [status for status in Status if status is not Status.DRAFT])
    def test_sto_10_a_dossier_that_was_sent_takes_no_files(self, actor, pia, status):
        dossier = factories.candidacy(status, by=pia)
        assert not evidence_door.door_of(dossier).is_open
        with pytest.raises(WrongValueError) as refused:
            world.added(actor, dossier)
        assert (refused.value.field, refused.value.reason) == ("door", "closed")

    @pytest.mark.parametrize("status", [Status.INCOMPLETE, Status.COMPLEMENT])
    def test_sto_05_an_open_request_lets_files_in(self, actor, pia, status):
        code = "impact" if status is Status.INCOMPLETE else "CRI-RGP-03"
        dossier, request = world.asked(pia, code, status=status)
        assert world.added(actor, dossier).candidacy_id == dossier.id
        request.timed_out_at = NOON
        request.save(update_fields=["timed_out_at"])
        assert not evidence_door.door_of(dossier).is_open

    def test_sto_63_open_reservations_let_files_in_during_the_turn_of_the_publisher(self, actor, pia):
        dossier, _rows = world.reserved(pia)
        assert world.added(actor, dossier)
        dossier.queue = Queue.ASSESSOR
        assert not evidence_door.door_of(dossier).is_open

    def test_sto_41_a_reservation_with_a_date_lets_files_in_until_it_is_lifted(self, pia):
        dossier, rows = world.reserved(pia)
        dossier.status = Status.PUBLISHED
        assert not evidence_door.door_of(dossier).is_open
        rows[0].is_suspensive = False
        rows[0].save(update_fields=["is_suspensive"])
        assert evidence_door.door_of(dossier).why is evidence_door.Why.RESERVATION

    def test_sto_10_what_was_sent_stays_what_came_since_goes(self, actor, pia):
        dossier, _request = world.asked(pia, "CRI-RGP-03")
        old, new = world.added(actor, dossier), world.added(actor, dossier)
        Evidence.objects.filter(pk=old.pk).update(added_at=NOON - 10 * DAY)
        with pytest.raises(WrongValueError) as refused:
            evidence.remove(actor=actor, evidence_id=old.id, at=NOON)
        assert (refused.value.field, refused.value.reason) == ("door", "sent")
        evidence.remove(actor=actor, evidence_id=new.id, at=NOON)
        second = evidence.replace(
            actor=actor, evidence_id=old.id, seen="", upload=world.upload(), description=world.about(), at=NOON
        )
        assert second.replaces_id == old.id


class TestChanging:
    def test_a_new_version_keeps_the_former_one(self, actor, draft):
        first = world.added(actor, draft)
        second = evidence.replace(
            actor=actor, evidence_id=first.id, seen="", upload=world.upload(world.png(), "b.png"),
            description=world.about(title="Capture"), at=NOON + DAY,
        )  # fmt: skip
        first.refresh_from_db()
        assert (first.removed_at, first.removed_by_id) == (NOON + DAY, actor.user_id)
        assert [piece.evidence.id for piece in evidence_listing.pieces_of(draft)] == [second.id]
        versions = evidence_listing.versions_of(second)
        assert [piece.evidence.id for piece in versions] == [second.id, first.id]
        assert evidence_listing.pieces_of(draft)[0].versions == 2
        assert "store.evidence.replace" in world.actions(draft)

    def test_s34_two_members_replace_at_once_the_second_is_told_who_and_when(self, actor, draft, pia):
        first = world.added(actor, draft)
        marc = factories.as_publisher(world.colleague(pia))
        about, upload = world.about(), world.upload()
        evidence.replace(actor=actor, evidence_id=first.id, seen="", upload=upload, description=about, at=NOON)
        with pytest.raises(ChangedError) as told:
            evidence.replace(actor=marc, evidence_id=first.id, seen="", upload=upload, description=about, at=NOON + DAY)
        assert (told.value.event, told.value.actor, told.value.at) == ("replace", str(pia.user_id), NOON)
        assert Evidence.objects.filter(candidacy=draft).count() == 2

    def test_s34_two_members_describe_at_once_nothing_is_overwritten(self, actor, draft, pia):
        piece = world.added(actor, draft)
        seen = evidence.mark_of(piece)
        marc = factories.as_publisher(world.colleague(pia))
        evidence.describe(
            actor=marc, evidence_id=piece.id, seen=seen, description=world.about(title="De Marc"), at=NOON
        )
        with pytest.raises(ChangedError) as told:
            evidence.describe(
                actor=actor, evidence_id=piece.id, seen=seen, description=world.about(title="De Pia"), at=NOON + DAY
            )
        piece.refresh_from_db()
        assert (piece.title, told.value.actor, told.value.at) == ("De Marc", str(marc.user_id), NOON)

    def test_a_new_end_is_reminded_of_anew(self, actor, draft):
        piece = world.added(actor, draft, valid_until=date(2026, 12, 1))
        Evidence.objects.filter(pk=piece.pk).update(warned_at_days=7)
        changed = evidence.describe(
            actor=actor, evidence_id=piece.id, seen="", description=world.about(valid_until=date(2027, 12, 1)), at=NOON
        )
        assert changed.warned_at_days is None

    def test_a_pdf_becomes_no_logo_by_its_description(self, actor, draft):
        piece = world.added(actor, draft)
        with pytest.raises(FileRefusedError):
            evidence.describe(actor=actor, evidence_id=piece.id, seen="", description=world.about(use="logo"), at=NOON)

    def test_what_was_taken_out_is_gone_for_the_next_one(self, actor, draft, pia):
        piece = world.added(actor, draft)
        evidence.remove(actor=actor, evidence_id=piece.id, at=NOON)
        assert evidence_listing.pieces_of(draft) == []
        with pytest.raises(ChangedError) as told:
            evidence.remove(actor=actor, evidence_id=piece.id, at=NOON)
        assert told.value.event == "remove"

    def test_nobody_else_changes_a_piece(self, actor, draft):
        piece = world.added(actor, draft)
        stranger = factories.as_publisher(factories.member())
        with pytest.raises(UnknownRowError):
            evidence.remove(actor=stranger, evidence_id=piece.id, at=NOON)
        with pytest.raises(UnknownRowError):
            evidence.remove(actor=actor, evidence_id=draft.id, at=NOON)


def test_lists_cost_the_same_for_one_piece_and_for_twenty(actor, draft, django_assert_num_queries):
    factories.evidence(draft)
    with django_assert_num_queries(2):
        assert len(evidence_listing.pieces_of(draft)) == 1
    for _ in range(19):
        factories.evidence(draft)
    with django_assert_num_queries(2):
        assert len(evidence_listing.pieces_of(draft)) == 20
