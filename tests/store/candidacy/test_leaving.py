"""A publisher gives a candidacy up (STO-67)."""

from __future__ import annotations

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.audit.services import events_of
from apps.store.models import Candidacy, Mail, Vote
from apps.store.services import leaving, sitting
from apps.store.services.errors import ChangedError, TransitionRefusedError, UnknownRowError
from apps.store.states import Status
from apps.store.states.dossier import WITHDRAWABLE
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes

pytestmark = pytest.mark.django_db


def withdraw(by, candidacy, *, seen=None) -> Candidacy:
    seen = candidacy.sequence if seen is None else seen
    return leaving.withdraw(actor=factories.as_publisher(by), candidacy_id=candidacy.id, seen=seen, at=NOON)


@pytest.mark.parametrize("status", WITHDRAWABLE)
def test_sto_67_from_every_state_before_the_end(pia, status):
    made = factories.candidacy(status, by=pia)
    withdraw(pia, made)
    made.refresh_from_db()
    assert (made.status, made.queue, made.due_at) == (Status.ABANDONED, "", None)
    event = made.events.get()
    assert (event.event, event.rule, event.actor) == ("withdraw", "STO-67", str(pia.user_id))
    assert events_of(pia.publisher_id)[0].action == "store.candidacy.withdraw"


@pytest.mark.parametrize("status", [status for status in Status if status not in WITHDRAWABLE])
def test_sto_67_from_no_other(pia, status):
    made = factories.candidacy(status, by=pia)
    with pytest.raises(TransitionRefusedError):
        withdraw(pia, made)


class TestBeforeTheCommission:
    def heard(self, pia, **values):
        secretary = factories.reviewer(StaffRole.SECRETARIAT)
        held = scenes.session(sequence=3)
        item = scenes.before(held, factories.candidacy(Status.COMMISSION, by=pia), **values)
        return secretary, held, item

    def test_sto_67_it_leaves_the_agenda_and_the_session_can_be_ended(self, pia):
        secretary, held, item = self.heard(pia)
        seats = scenes.members(2)
        scenes.voted(item, seats, "pour", "contre")
        withdraw(pia, item.candidacy)
        held.refresh_from_db()
        assert (held.items.count(), Vote.objects.count(), held.sequence) == (0, 0, 4)
        actor = factories.at_work(secretary)
        with pytest.raises(ChangedError) as told:
            sitting.close_session(actor=actor, session_id=held.pk, seen=3, at=NOON)
        assert told.value.actor == str(pia.user_id)
        assert sitting.close_session(actor=actor, session_id=held.pk, seen=4, at=NOON).state == "held"

    def test_the_secretariat_is_told_and_nothing_of_the_dossier(self, pia):
        secretary, held, item = self.heard(pia)
        withdraw(pia, item.candidacy)
        mail = Mail.objects.get(template="session_shorter", user=secretary)
        assert mail.facts == {"session": str(held.pk), "due_at": "2026-11-25T23:59:59+01:00"}

    def test_opinions_that_were_given_stay(self, pia):
        secretary = factories.reviewer(StaffRole.SECRETARIAT)
        held = scenes.session(state="held", closed_at=NOON)
        made = factories.candidacy(Status.OPINION, by=pia)
        scenes.before(held, made, opinion="favorable", opinion_at=NOON, recorded_by=secretary, quorum=5)
        withdraw(pia, made)
        assert held.items.count() == 1
        assert not Mail.objects.filter(template="session_shorter").exists()


def test_what_was_written_is_kept(pia):
    made = factories.candidacy(by=pia)
    factories.answered(made)
    before = made.answers.count()
    withdraw(pia, made)
    assert made.answers.count() == before > 0


def test_sto_13_by_an_administrator_or_a_signatory(pia, marc):
    made = factories.candidacy(by=pia)
    with pytest.raises(AccessDeniedError):
        withdraw(marc, made)
    signatory = factories.member(publisher=pia.publisher, roles=["signatory"])
    assert withdraw(signatory, made).status == Status.ABANDONED


def test_s34_not_from_a_stale_page(pia):
    made = factories.candidacy(by=pia)
    with pytest.raises(ChangedError):
        withdraw(pia, made, seen=made.sequence + 1)
    made.refresh_from_db()
    assert made.status == Status.DRAFT


def test_that_of_another_publisher_does_not_exist(pia):
    with pytest.raises(UnknownRowError):
        withdraw(pia, factories.candidacy())
