"""Content of pieces, for both sides, and never before the antivirus has found it clean (S31, S35, SEC-11, RV-03)."""

from __future__ import annotations

import pytest

from apps.accounts.models import StaffRole
from apps.files.models import StoredFile
from apps.files.services import FileGoneError, FileNotReadableError
from apps.store.models import ConflictDeclaration, Evidence, Member, ReviewerTie
from apps.store.services import evidence, evidence_listing, evidence_reading
from apps.store.services.errors import UnknownRowError
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def actor(pia):
    return factories.as_publisher(pia)


@pytest.fixture
def dossier(pia, actor):
    """Sent, with one clean piece and one with a virus."""
    made = factories.candidacy(by=pia)
    world.added(actor, made)
    world.added(actor, made, data=world.INFECTED, name="facture.pdf", title="Facture")
    made.status, made.submitted_at, made.submitted_by = Status.ASSESSMENT, NOON, pia.user
    made.queue, made.due_at, made.waits_since = "instructeur", NOON, NOON
    made.save()
    return made


def piece(dossier, name: str) -> Evidence:
    return Evidence.objects.get(candidacy=dossier, name=name)


class TestPublisher:
    def test_the_content_comes_back_byte_for_byte_and_is_traced(self, actor, dossier):
        row = piece(dossier, "rapport.pdf")
        opened = evidence_reading.open_file(actor=actor, evidence_id=row.id, at=NOON)
        assert (opened.data, opened.evidence.id) == (world.PDF, row.id)
        assert "store.evidence.read" in world.actions(dossier)
        assert repr(opened.data) not in repr(opened)

    def test_an_old_version_stays_readable(self, actor, pia):
        draft = factories.candidacy(by=pia)
        first = world.added(actor, draft)
        evidence.replace(
            actor=actor, evidence_id=first.id, seen="", upload=world.upload(world.png(), "b.png"),
            description=world.about(), at=NOON,
        )  # fmt: skip
        assert evidence_reading.open_file(actor=actor, evidence_id=first.id, at=NOON).data == world.PDF

    def test_s35_an_infected_piece_is_opened_by_nobody(self, actor, dossier):
        row = piece(dossier, "facture.pdf")
        reviewer = factories.at_work(world.assessor_of(dossier))
        before = world.actions(dossier)
        for who in (actor, reviewer):
            with pytest.raises(FileNotReadableError) as refused:
                evidence_reading.open_file(actor=who, evidence_id=row.id, at=NOON)
            assert refused.value.state == "infected"
        assert world.actions(dossier) == before

    @pytest.mark.parametrize("state", ["waiting", "parked", "destroyed"])
    def test_sec_11_only_clean_ones_are_opened(self, actor, pia, state):
        draft = factories.candidacy(by=pia)
        row = factories.evidence(draft, state=StoredFile.State(state)) if state != "destroyed" else None
        if row is None:
            row = factories.evidence(draft)
            StoredFile.objects.filter(id=row.file_id).update(state="destroyed", destroyed_at=NOON)
        with pytest.raises(FileNotReadableError):
            evidence_reading.open_file(actor=actor, evidence_id=row.id, at=NOON)

    def test_a_piece_whose_bytes_are_gone_says_so(self, actor, pia):
        row = factories.evidence(factories.candidacy(by=pia))
        StoredFile.objects.filter(id=row.file_id).delete()
        with pytest.raises(FileGoneError):
            evidence_reading.open_file(actor=actor, evidence_id=row.id, at=NOON)

    def test_permission_lost_in_the_middle_opens_nothing(self, actor, pia, dossier):
        row = piece(dossier, "rapport.pdf")
        Member.objects.filter(pk=pia.pk).update(ended_at=NOON)
        with pytest.raises(UnknownRowError):
            evidence_reading.open_file(actor=actor, evidence_id=row.id, at=NOON)

    def test_another_publisher_and_a_wrong_id_are_the_same(self, dossier, actor):
        stranger = factories.as_publisher(factories.member())
        for who, key in ((stranger, piece(dossier, "rapport.pdf").id), (actor, dossier.id)):
            with pytest.raises(UnknownRowError):
                evidence_reading.open_file(actor=who, evidence_id=key, at=NOON)


class TestReviewers:
    def opens(self, user, dossier):
        row = piece(dossier, "rapport.pdf")
        return evidence_reading.open_file(actor=factories.at_work(user), evidence_id=row.id, at=NOON).data

    def test_whoever_has_declared_no_link_reads(self, dossier):
        assert self.opens(world.assessor_of(dossier), dossier) == world.PDF

    def test_rv_03_nobody_reads_before_declaring(self, dossier):
        with pytest.raises(UnknownRowError):
            self.opens(factories.reviewer(), dossier)

    def test_s33_a_link_shuts_the_files_too(self, dossier):
        user = world.assessor_of(dossier)
        ReviewerTie.objects.create(user=user, siren=dossier.publisher.siren, kind="Salarié", since=NOON.date())
        with pytest.raises(UnknownRowError):
            self.opens(user, dossier)
        declared = factories.reviewer()
        ConflictDeclaration.objects.create(candidacy=dossier, user=declared, has_link=True, kind="Ami", at=NOON)
        with pytest.raises(UnknownRowError):
            self.opens(declared, dossier)

    def test_staff_of_the_roll_out_see_no_dossier(self, dossier):
        with pytest.raises(UnknownRowError):
            self.opens(world.assessor_of(dossier, StaffRole.OPERATOR), dossier)

    def test_a_draft_is_its_publishers_alone(self, actor, pia):
        draft = factories.candidacy(by=pia)
        world.added(actor, draft)
        with pytest.raises(UnknownRowError):
            self.opens(world.assessor_of(draft), draft)


def test_s35_the_dossier_names_the_file_that_keeps_it_back(dossier):
    assert [piece.evidence.name for piece in evidence_listing.not_clean(dossier)] == ["facture.pdf"]
