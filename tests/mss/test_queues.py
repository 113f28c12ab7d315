"""Both queues in the hands of an operator: listed, tried again, put aside; figures and invariants (REL-07, SEC-19)."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from apps.access import SYSTEM, AccessDeniedError
from apps.audit.services import AuditEvent
from apps.common.ids import uuid7
from apps.common.invariants import findings
from apps.mss.jobs.filing import file_arrivals
from apps.mss.jobs.sending import send_due
from apps.mss.models import Arrival, Message, OutgoingMail
from apps.mss.services import queues
from apps.mss.services.queues import NotInQueueError, Queue
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, arrive, letter
from tests.mss.outgoing import answered, holder
from tests.mss.relays import Kept

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=90)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(LATER, tick=False)


@pytest.fixture
def space():
    return factories.space()


def run(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("mss_queue", *arguments, stdout=out)
    return out.getvalue().splitlines()


class TestList:
    def test_ids_states_reasons_and_ages_and_nothing_else(self, space):
        message = answered(space, text="Un secret")
        mail = OutgoingMail.objects.get()
        OutgoingMail.objects.update(problem="smtp-452", attempts=2)
        arrival = arrive(letter(subject="Un secret"), space)

        lines = run("list")

        assert lines == [
            f"arrivals {arrival.id} received - 0 2026-11-25T12:00:00+00:00 2026-11-25T12:00:00+00:00",
            "arrivals received=1 parked=0 oldest_due_seconds=5400",
            f"outgoing {mail.id} waiting smtp-452 2 2026-11-25T12:00:00+00:00 2026-11-25T12:00:00+00:00",
            "outgoing waiting=1 sending=0 uncertain=0 parked=0 oldest_due_seconds=5400",
        ]
        text = "\n".join(lines)
        assert not [word for word in ("secret", SENDER, message.message_id) if word in text]

    def test_what_is_over_is_not_listed(self, space):
        answered(space)
        send_due(relay=Kept(), at=NOON)

        assert run("list", "--queue", "outgoing") == [
            "outgoing waiting=0 sending=0 uncertain=0 parked=0 oldest_due_seconds=0"
        ]

    @pytest.mark.parametrize("number", [1, 20])
    def test_one_query_whatever_the_number(self, space, number, django_assert_num_queries):
        for each in range(number):
            arrive(letter(number=f"n{each}"), space)

        with django_assert_num_queries(1):
            assert len(queues.waiting(actor=SYSTEM, queue=Queue.ARRIVALS)) == number


class TestOutgoing:
    def test_rel_07_a_parked_mail_is_tried_again(self, space):
        answered(space)
        mail = OutgoingMail.objects.get()
        OutgoingMail.objects.update(state="parked", ended_at=NOON, attempts=5, problem="uncertain")

        assert run("retry", "outgoing", str(mail.id)) == [f"retry outgoing {mail.id}"]

        mail.refresh_from_db()
        assert (mail.state, mail.attempts, mail.due_at, mail.ended_at, mail.problem) == ("waiting", 0, LATER, None, "")
        assert send_due(relay=Kept(), at=LATER) == {"sent": 1}
        line = AuditEvent.objects.get(action="mss.mail.retry")
        assert (line.target, line.actor_id, line.facts) == (f"mail:{mail.id}", "mss_queue", {"state": "parked"})

    def test_put_aside_and_taken_up_again(self, space):
        answered(space)
        mail = OutgoingMail.objects.get()

        run("park", "outgoing", str(mail.id))
        assert send_due(relay=Kept(), at=LATER) == {}
        mail.refresh_from_db()
        assert (mail.state, mail.problem, mail.ended_at) == ("parked", "by-hand", LATER)

        run("retry", "outgoing", str(mail.id))
        assert send_due(relay=Kept(), at=LATER) == {"sent": 1}

    @pytest.mark.parametrize("state", ["sent", "sending"])
    def test_what_is_over_or_being_done_is_left_alone(self, space, state):
        answered(space)
        mail = OutgoingMail.objects.get()
        OutgoingMail.objects.update(state=state, ended_at=NOON if state == "sent" else None)

        for act in ("retry", "park"):
            with pytest.raises(CommandError, match="Nothing of it was changed"):
                run(act, "outgoing", str(mail.id))

        assert OutgoingMail.objects.get().state == state

    def test_an_id_that_nobody_has(self):
        with pytest.raises(NotInQueueError):
            queues.retry(actor=SYSTEM, queue=Queue.OUTGOING, row_id=uuid7(), at=LATER)


class TestArrivals:
    def test_rel_07_a_parked_arrival_is_filed_after_all(self, space):
        arrival = arrive(letter(), space)
        Arrival.objects.update(state="parked", ended_at=NOON, attempts=5, problem="refused-value")

        run("retry", "arrivals", str(arrival.id))

        assert file_arrivals(at=LATER) == 1
        assert Message.objects.filter(space_id=space.id).count() == 1

    def test_put_aside_keeps_its_bytes(self, space):
        arrival = arrive(letter(), space)

        run("park", "arrivals", str(arrival.id))

        arrival.refresh_from_db()
        assert (arrival.state, arrival.problem) == ("parked", "by-hand")
        assert arrival.sealed is not None
        assert file_arrivals(at=LATER) == 0

    def test_a_filed_one_is_left_alone(self, space):
        arrival = arrive(letter(), space)
        file_arrivals(at=NOON)

        with pytest.raises(NotInQueueError):
            queues.retry(actor=SYSTEM, queue=Queue.ARRIVALS, row_id=arrival.id, at=LATER)


class TestRights:
    def test_sec_19_a_holder_sees_and_changes_nothing(self, space):
        actor = holder(space)
        arrival = arrive(letter(), space)
        for act in (queues.retry, queues.park):
            with pytest.raises(AccessDeniedError):
                act(actor=actor, queue=Queue.ARRIVALS, row_id=arrival.id, at=LATER)
        with pytest.raises(AccessDeniedError):
            queues.waiting(actor=actor, queue=Queue.ARRIVALS)


class TestInvariants:
    def test_all_hold(self, space):
        answered(space)
        send_due(relay=Kept(), at=NOON)

        assert broken() == {}

    def test_a_sent_message_that_nothing_carries(self, space):
        answered(space)
        OutgoingMail.objects.all().delete()

        assert broken() == {"mss.sent_messages_without_a_mail": 1}

    def test_a_mail_that_nobody_looked_at(self, space):
        answered(space)

        assert broken(at=NOON + timedelta(hours=2)) == {}
        assert broken(at=NOON + timedelta(hours=2, seconds=1)) == {"mss.mails_not_tried_for_two_hours": 1}


def broken(at=LATER) -> dict[str, int]:
    return {one.name: one.count for one in findings(at=at) if one.count and one.name.startswith("mss.")}
