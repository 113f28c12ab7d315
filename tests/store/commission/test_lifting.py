"""Reservations answered, lifted, sent back (STO-63)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.store import clocks
from apps.store.models import CandidacyEvent, Mail
from apps.store.services import lifting
from apps.store.services.errors import SamePersonError, TransitionRefusedError, UnknownRowError, WrongValueError
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered():
    """Two suspensive reservations with an answer each, and their assessor."""
    who = scenes.person(StaffRole.ASSESSOR)
    dossier = factories.candidacy(Status.RESERVATIONS, queue=Queue.ASSESSOR, assessor=who)
    scenes.declared(dossier, who)
    answer = {"answer": "Déclaration publiée.", "answered_by": dossier.created_by, "answered_at": NOON}
    return who, dossier, [scenes.reserved(dossier, **answer), scenes.reserved(dossier, **answer)]


def lift(by, row, *, seen=0):
    return lifting.lift(actor=scenes.at_work(by), reservation_id=row.pk, seen=seen, at=NOON)


def back(by, row, reason="Il manque la date.", seen=0):
    return lifting.send_back(actor=scenes.at_work(by), reservation_id=row.pk, reason=reason, seen=seen, at=NOON)


def test_sto_63_the_last_one_gives_the_dossier_back_to_the_delegate(answered):
    who, dossier, (first, second) = answered
    assert lift(who, first) is False
    dossier.refresh_from_db()
    assert dossier.status == Status.RESERVATIONS
    assert lift(who, second) is True
    dossier.refresh_from_db()
    assert (dossier.status, dossier.queue, dossier.is_lifted) == (Status.OPINION, Queue.DELEGATE, True)
    first.refresh_from_db()
    assert (first.lifted_by, first.lifted_at) == (who, NOON)


def test_non_suspensive_ones_keep_nothing_back(answered):
    who, dossier, rows = answered
    scenes.reserved(dossier, is_suspensive=False)
    assert [lift(who, row) for row in rows] == [False, True]


def test_sent_back_the_publisher_answers_within_what_is_left(answered):
    who, dossier, (first, _second) = answered
    ends = clocks.last_second(date(2027, 1, 20))
    CandidacyEvent.objects.create(
        candidacy=dossier, sequence=99, event="require_lift", before="avis_rendu", after="reserves", by="delegue",
        actor="x", at=NOON - timedelta(days=20), queue="editeur", due_at=ends,
    )  # fmt: skip
    back(who, first)
    dossier.refresh_from_db()
    first.refresh_from_db()
    assert (dossier.queue, dossier.due_at) == (Queue.PUBLISHER, ends)
    assert (first.answered_at, first.answered_by, first.answer) == (None, None, "Déclaration publiée.")
    assert dossier.events.order_by("-sequence").filter(reason="Il manque la date.").exists()


def test_fifteen_days_at_least(answered):
    who, dossier, (first, _second) = answered
    back(who, first)
    dossier.refresh_from_db()
    assert dossier.due_at.astimezone(PARIS).date() == date(2026, 12, 10)


def test_sto_82_fifteen_days_are_those_of_paris(answered):
    who, dossier, (first, _second) = answered
    past_midnight = NOON.replace(hour=23, minute=30)  # half past midnight in Paris, the day after
    lifting.send_back(
        actor=scenes.at_work(who), reservation_id=first.pk, reason="Il manque la date.", seen=0, at=past_midnight
    )
    dossier.refresh_from_db()
    assert dossier.due_at.astimezone(PARIS).date() == date(2026, 12, 11)


class TestAfterTheDecision:
    def published(self, **values):
        dossier = factories.listing().candidacy
        who = scenes.person(StaffRole.ASSESSOR)
        scenes.declared(dossier, who)
        answer = {"answer": "Publiée.", "answered_by": dossier.created_by, "answered_at": NOON, **values}
        return who, dossier, scenes.reserved(dossier, is_suspensive=False, **answer)

    def test_sto_41_one_that_kept_nothing_back_is_lifted(self):
        who, dossier, row = self.published()
        assert lift(who, row) is False
        row.refresh_from_db()
        dossier.refresh_from_db()
        assert (row.lifted_by, dossier.status) == (who, Status.PUBLISHED)

    def test_sto_41_or_asked_for_again_in_the_thread(self):
        who, dossier, row = self.published()
        back(who, row)
        row.refresh_from_db()
        dossier.refresh_from_db()
        assert (row.answered_at, dossier.status) == (None, Status.PUBLISHED)
        message = dossier.messages.get()
        assert (message.text, message.criterion, message.author) == ("Il manque la date.", row.criterion, who)
        assert Mail.objects.get(template="message").user_id == dossier.created_by_id

    @pytest.mark.parametrize("status", [Status.OPINION, Status.REFUSED])
    def test_neither_before_the_decision_nor_in_a_dossier_that_is_over(self, status):
        who = scenes.person(StaffRole.ASSESSOR)
        dossier = factories.candidacy(status)
        scenes.declared(dossier, who)
        answer = {"answer": "x", "answered_by": dossier.created_by, "answered_at": NOON}
        with pytest.raises(TransitionRefusedError):
            lift(who, scenes.reserved(dossier, is_suspensive=False, **answer))


def test_refusals(answered):
    who, dossier, (first, second) = answered
    lift(who, first)
    with pytest.raises(WrongValueError, match="already"):
        lift(who, first)
    with pytest.raises(WrongValueError, match="answer: missing"):
        lift(who, scenes.reserved(dossier))
    with pytest.raises(WrongValueError, match="reason"):
        back(who, second, reason="")
    with pytest.raises(UnknownRowError):
        lifting.lift(actor=scenes.at_work(who), reservation_id=dossier.pk, seen=0, at=NOON)


def test_never_by_whoever_answered(answered):
    who, dossier, _rows = answered
    mine = scenes.reserved(dossier, answer="x", answered_by=who, answered_at=NOON)
    with pytest.raises(SamePersonError, match="answered_by"):
        lift(who, mine)


def test_only_in_the_turn_of_the_assessor():
    who = scenes.person(StaffRole.ASSESSOR)
    dossier = factories.candidacy(Status.RESERVATIONS)
    scenes.declared(dossier, who)
    row = scenes.reserved(dossier, answer="x", answered_by=dossier.created_by, answered_at=NOON)
    with pytest.raises(TransitionRefusedError):
        lift(who, row)
