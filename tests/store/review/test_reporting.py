"""The report and its three readers; the thread (RV-07, STO-19, STO-57, L11)."""

from __future__ import annotations

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.store.models import Candidacy, Mail, Message
from apps.store.services import assigning, judging, reporting, talking
from apps.store.services.cases import NotAssignedError
from apps.store.services.errors import (
    ChangedError,
    ConflictOfInterestError,
    GuardError,
    SamePersonError,
    WrongValueError,
)
from apps.store.services.reporting import Proposal
from apps.store.states import Event, Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.review import world

pytestmark = pytest.mark.django_db
FIRST = world.BLOCKING[0].replace("-", "_")


def given(who, of, **values):
    of.refresh_from_db()
    return {"actor": factories.at_work(who), "candidacy_id": of.id, "seen": of.sequence, "at": NOON, **values}


@pytest.fixture
def sam():
    return world.assessor()


@pytest.fixture
def dossier(sam):
    made = world.assessment(sam)
    world.judged(made)
    return made


def second_reading(sam, dossier, ada):
    reporting.propose(**given(sam, dossier), text="Conforme.")
    dossier.refresh_from_db()
    world.declared(dossier, ada)
    assigning.take(**given(ada, dossier))


class TestSummary:
    @pytest.mark.parametrize(
        ("verdicts", "proposal", "left"),
        [
            ({}, Proposal.REFERENCE, 0),
            ({FIRST: "reserve"}, Proposal.CONDITIONAL, 0),
            ({FIRST: "non_conforme"}, Proposal.REFUSE, 0),
            ({FIRST: "a_completer"}, Proposal.REFERENCE, 1),
        ],
    )
    def test_made_of_the_grid(self, sam, verdicts, proposal, left):
        dossier = world.assessment(sam)
        world.judged(dossier, **verdicts)
        made = reporting.summary_of(dossier, judgements=judging.current_judgements(dossier))
        assert (made.proposal, len(made.open), made.unjudged) == (proposal, left, 0)

    def test_an_empty_grid(self, sam):
        made = reporting.summary_of(world.assessment(sam), judgements={})
        assert (len(made.open), made.unjudged) == (len(world.BLOCKING), len(world.GRID))


def test_sto_57_three_people_one_after_the_other(sam, dossier):
    ada, lea = world.assessor(), world.privacy_reader()
    second_reading(sam, dossier, ada)
    dossier.refresh_from_db()
    assert (dossier.queue, dossier.assignee_id, dossier.reasons) == (Queue.SECOND_READER, ada.pk, ["second-reading"])
    reporting.sign_second(**given(ada, dossier))
    world.declared(dossier, lea)
    dossier.refresh_from_db()
    assert (dossier.queue, dossier.second_read_at, dossier.assignee_id) == (Queue.PRIVACY, NOON, None)
    assigning.take(**given(lea, dossier))
    reporting.sign_privacy(**given(lea, dossier))
    dossier.refresh_from_db()
    assert (dossier.status, dossier.queue) == (Status.READY, Queue.SECRETARIAT)
    assert (dossier.privacy_reader_id, dossier.privacy_checked_at) == (lea.pk, NOON)
    event = dossier.events.get(event=Event.REPORT_READY)
    assert (event.actor, event.by, event.reason) == (str(sam.pk), "instructeur", "Conforme.")
    assert event.facts == {"proposal": "referencer"}


def test_sto_57_not_with_an_open_blocking_criterion(sam):
    dossier = world.assessment(sam)
    world.judged(dossier, **{FIRST: "a_completer"})
    with pytest.raises(GuardError) as told:
        reporting.propose(**given(sam, dossier), text="Fini.")
    assert told.value.missing == ("criteria-open",)


def test_a_report_has_a_synthesis(sam, dossier):
    with pytest.raises(WrongValueError):
        reporting.propose(**given(sam, dossier), text=" ")


class TestGivenBack:
    def test_by_the_second_reader_with_a_reason(self, sam, dossier):
        ada = world.assessor()
        second_reading(sam, dossier, ada)
        reporting.send_back(**given(ada, dossier), reason="Le critère 4 est mal jugé.")
        dossier.refresh_from_db()
        assert (dossier.queue, dossier.assignee_id, dossier.reasons) == (Queue.ASSESSOR, sam.pk, ["returned"])
        reporting.propose(**given(sam, dossier), text="Corrigé.")
        dossier.refresh_from_db()
        assert dossier.assignee_id == ada.pk  # whoever read it reads it again

    def test_by_data_protection_undoes_the_second_reading(self, sam, dossier):
        ada, lea = world.assessor(), world.privacy_reader()
        second_reading(sam, dossier, ada)
        reporting.sign_second(**given(ada, dossier))
        world.declared(dossier, lea)
        assigning.take(**given(lea, dossier))
        reporting.send_back(**given(lea, dossier), reason="La durée de conservation manque.")
        dossier.refresh_from_db()
        assert (dossier.queue, dossier.second_read_at, dossier.second_reader_id) == (Queue.ASSESSOR, None, ada.pk)

    def test_a_reason_is_needed(self, sam, dossier):
        ada = world.assessor()
        second_reading(sam, dossier, ada)
        with pytest.raises(WrongValueError):
            reporting.send_back(**given(ada, dossier), reason=" ")


class TestWhoSigns:
    def test_nobody_reads_their_own_report_again(self, sam, dossier):
        reporting.propose(**given(sam, dossier), text="Conforme.")
        with pytest.raises(SamePersonError):
            assigning.take(**given(sam, dossier))

    def test_sto_57_who_gave_a_verdict_before_it_was_given_to_another_reads_nothing_again(self, sam, dossier):
        ada, lea = world.assessor(), world.assessor()
        assigning.assign(**given(sam, dossier), to=ada.pk, reason="Congé")
        world.declared(dossier, ada)
        reporting.propose(**given(ada, dossier), text="Conforme.")
        with pytest.raises(SamePersonError):
            assigning.take(**given(sam, dossier))
        Candidacy.objects.filter(pk=dossier.pk).update(assignee=sam, assigned_at=NOON)
        with pytest.raises(SamePersonError):
            reporting.sign_second(**given(sam, dossier))
        world.declared(dossier, lea)
        Candidacy.objects.filter(pk=dossier.pk).update(assignee=lea)
        reporting.sign_second(**given(lea, dossier))
        both = factories.reviewer(StaffRole.PRIVACY)
        dossier.judgements.filter(criterion=world.GRID[0]).update(by=both)
        world.declared(dossier, both)
        Candidacy.objects.filter(pk=dossier.pk).update(assignee=both, assigned_at=NOON)
        with pytest.raises(SamePersonError):
            reporting.sign_privacy(**given(both, dossier))

    def test_sto_19_the_assessor_never_signs_for_data_protection(self, dossier):
        both = factories.reviewer(StaffRole.ASSESSOR, StaffRole.PRIVACY)
        report = factories.candidacy(
            Status.ASSESSMENT, queue=Queue.PRIVACY, assessor=both, second_reader=world.assessor()
        )
        world.declared(report, both)
        with pytest.raises(SamePersonError):
            assigning.take(**given(both, report))

    def test_not_assigned(self, sam, dossier):
        reporting.propose(**given(sam, dossier), text="Conforme.")
        ada = world.assessor()
        world.declared(dossier, ada)
        for act in (reporting.sign_second, reporting.propose, reporting.send_back):
            more = {reporting.propose: {"text": "x"}, reporting.send_back: {"reason": "x"}}.get(act, {})
            with pytest.raises(NotAssignedError):
                act(**given(ada, dossier), **more)

    def test_s34_from_an_old_page(self, sam, dossier):
        with pytest.raises(ChangedError):
            reporting.propose(**given(sam, dossier) | {"seen": 4}, text="Conforme.")

    def test_another_role(self, dossier):
        with pytest.raises(AccessDeniedError):
            reporting.sign_privacy(**given(world.desk_officer(), dossier))


class TestMessages:
    def test_the_assessor_writes_and_what_came_counts_as_read(self, sam, dossier):
        came = Message.objects.create(
            candidacy=dossier, side="editeur", author=dossier.created_by, text="Bonjour", at=NOON
        )
        sent = talking.say(
            actor=factories.at_work(sam), candidacy_id=dossier.id, text=" Merci. ", criterion=world.GRID[0], at=NOON
        )
        came.refresh_from_db()
        assert (sent.text, sent.side, sent.criterion, came.read_at) == ("Merci.", "instruction", world.GRID[0], NOON)
        mail = Mail.objects.get()
        assert (mail.template, mail.user_id) == ("message", dossier.created_by_id)
        assert "Merci" not in str(mail.facts)

    @pytest.mark.parametrize(("text", "criterion"), [(" ", ""), ("x" * 5001, ""), ("x", world.UNFIT)])
    def test_what_does_not_fit(self, sam, dossier, text, criterion):
        with pytest.raises(WrongValueError):
            talking.say(actor=factories.at_work(sam), candidacy_id=dossier.id, text=text, criterion=criterion, at=NOON)

    def test_l11_nobody_else_speaks(self, dossier):
        ada = world.assessor()
        with pytest.raises(ConflictOfInterestError):
            talking.say(actor=factories.at_work(ada), candidacy_id=dossier.id, text="x", criterion="", at=NOON)
        world.declared(dossier, ada)
        with pytest.raises(NotAssignedError):
            talking.say(actor=factories.at_work(ada), candidacy_id=dossier.id, text="x", criterion="", at=NOON)

    def test_the_assessor_still_speaks_while_the_publisher_answers(self, sam):
        waiting = factories.candidacy(Status.COMPLEMENT, assessor=sam)
        world.declared(waiting, sam)
        assert talking.say(actor=factories.at_work(sam), candidacy_id=waiting.id, text="x", criterion="", at=NOON)
