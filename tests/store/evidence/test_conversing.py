"""PU-09: the thread from the publisher's side (L11); PU-10: papers and first readings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import AccessDeniedError
from apps.store.models import Agreement, Decision, Evidence, Member, Message
from apps.store.services import conversing, papers
from apps.store.services.conversing import Words
from apps.store.services.errors import UnknownRowError, WrongValueError
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world
from tests.store.evidence.test_appealing import decided

pytestmark = pytest.mark.django_db


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def actor(pia):
    return factories.as_publisher(pia)


class TestMessages:
    def test_a_message_about_a_criterion_reads_what_we_wrote(self, actor, pia):
        dossier, request = world.asked(pia, "CRI-LEG-04")
        ours = Message.objects.create(
            candidacy=dossier, side="instruction", author=request.asked_by, text="Bonjour.", at=NOON - timedelta(1)
        )
        words = Words(text=" Merci. ", criterion="CRI-LEG-04")
        made = conversing.write(actor=actor, candidacy_id=dossier.id, words=words, at=NOON)
        ours.refresh_from_db()
        assert (made.side, made.author_id, made.text, made.criterion) == (
            "editeur",
            pia.user_id,
            "Merci.",
            "CRI-LEG-04",
        )
        assert (ours.read_at, made.read_at) == (NOON, None)
        assert "store.message.send" in world.actions(dossier)

    def test_a_message_stops_no_term(self, actor, pia):
        dossier, _request = world.asked(pia, "CRI-LEG-04")
        conversing.write(actor=actor, candidacy_id=dossier.id, words=Words(text="Bonjour."), at=NOON)
        before = (dossier.status, dossier.due_at, dossier.sequence)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.due_at, dossier.sequence) == before

    def test_a_file_goes_with_it_while_something_is_asked_for(self, actor, pia):
        dossier, _request = world.asked(pia, "CRI-LEG-04")
        words = Words(text="Voir la pièce.", upload=world.upload(name="plan.pdf"))
        made = conversing.write(actor=actor, candidacy_id=dossier.id, words=words, at=NOON)
        piece = Evidence.objects.get()
        assert (made.evidence_ids, piece.use, piece.title) == ([piece.id], "exchange", "plan.pdf")
        calm = factories.candidacy(Status.ASSESSMENT, by=pia)
        with pytest.raises(WrongValueError) as refused:
            conversing.write(actor=actor, candidacy_id=calm.id, words=words, at=NOON)
        assert (refused.value.field, calm.messages.count()) == ("door", 0)

    @pytest.mark.parametrize(
        "status", [Status.DRAFT, Status.PUBLISHED, Status.REFUSED, Status.LAPSED, Status.ABANDONED]
    )
    def test_nobody_reads_a_draft_or_a_dossier_at_its_end(self, actor, pia, status):
        dossier = factories.candidacy(status, by=pia)
        with pytest.raises(WrongValueError) as refused:
            conversing.write(actor=actor, candidacy_id=dossier.id, words=Words(text="Bonjour."), at=NOON)
        assert refused.value.field == "status"

    @pytest.mark.parametrize("words", [Words(text="  "), Words(text="x" * 5001), Words(text="A", criterion="CRI-X")])
    def test_messages_that_do_not_fit_are_refused(self, actor, pia, words):
        dossier = factories.candidacy(Status.ASSESSMENT, by=pia)
        with pytest.raises(WrongValueError):
            conversing.write(actor=actor, candidacy_id=dossier.id, words=words, at=NOON)

    def test_others_and_former_members_write_nothing(self, actor, pia):
        dossier = factories.candidacy(Status.ASSESSMENT, by=pia)
        with pytest.raises(UnknownRowError):
            stranger = factories.as_publisher(factories.member())
            conversing.write(actor=stranger, candidacy_id=dossier.id, words=Words(text="Moi."), at=NOON)
        Member.objects.filter(pk=pia.pk).update(ended_at=NOON)
        with pytest.raises(AccessDeniedError):
            conversing.write(actor=actor, candidacy_id=dossier.id, words=Words(text="Moi."), at=NOON)


class TestPapers:
    def test_the_first_reading_is_kept_each_one_is_traced(self, actor, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decision, hidden = decided(dossier), decided(dossier, notified_at=None)
        for hours in (0, 5):
            papers.note_reading(actor=actor, candidacy=dossier, at=NOON + timedelta(hours=hours))
        decision.refresh_from_db()
        hidden.refresh_from_db()
        assert (decision.first_read_at, hidden.first_read_at) == (NOON, None)
        assert world.actions(dossier) == ["store.decision.read"] * 2

    def test_a_reviewer_is_no_first_reader(self, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decision = decided(dossier)
        reviewer = factories.at_work(world.assessor_of(dossier))
        papers.note_reading(actor=reviewer, candidacy=dossier, at=NOON)
        decision.refresh_from_db()
        assert decision.first_read_at is None

    def test_a_notice_is_read_once_it_is_notified(self, actor, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        stored = world.in_vault(dossier, world.PDF)
        decision = decided(dossier, notified_at=None, vault_id=stored.vault_id, file_id=stored.id)
        reviewer = factories.at_work(world.assessor_of(dossier))
        assert papers.open_notice(actor=reviewer, decision_id=decision.id, at=NOON).data == world.PDF
        with pytest.raises(UnknownRowError):
            papers.open_notice(actor=actor, decision_id=decision.id, at=NOON)
        Decision.objects.filter(pk=decision.pk).update(notified_at=NOON)
        opened = papers.open_notice(actor=actor, decision_id=decision.id, at=NOON)
        assert (opened.data, opened.number) == (world.PDF, dossier.number)
        with pytest.raises(UnknownRowError):
            stranger = factories.as_publisher(factories.member())
            papers.open_notice(actor=stranger, decision_id=decision.id, at=NOON)

    def test_the_agreement_is_read_by_both_sides(self, actor, pia):
        dossier = factories.candidacy(Status.AGREEMENT, by=pia)
        stored = world.in_vault(dossier, world.PDF)
        Agreement.objects.create(
            candidacy=dossier, document_hash=stored.sha256, vault_id=stored.vault_id, file_id=stored.id, years=3,
            made_at=NOON,
        )  # fmt: skip
        for who in (actor, factories.at_work(world.assessor_of(dossier))):
            assert papers.open_agreement(actor=who, candidacy_id=dossier.id, at=NOON).data == world.PDF
        with pytest.raises(UnknownRowError):
            papers.open_agreement(actor=actor, candidacy_id=factories.candidacy(by=pia).id, at=NOON)
