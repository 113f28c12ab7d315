"""Mails leave once, in five tries, as the same message, and nothing rests unseen (REL-01, REL-07, REL-08, REL-23)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.notifications import jobs
from apps.notifications.gateways.base import HandoverUncertainError, LetterRefusedError, RelayUnavailableError
from apps.notifications.jobs import Outcome
from apps.notifications.models import OutgoingMail
from apps.notifications.services import outbox_state
from tests import factories
from tests.harness.clock import NOON
from tests.notifications import factories as rows
from tests.notifications.relays import Box

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def alice():
    return factories.user(email="alice@example.org")


@pytest.fixture
def mail(alice):
    return rows.mail(user=alice)


class PowerCutError(BaseException):
    """The machine is gone: nothing after it runs."""


def deliver(mail, box, at=NOON):
    outcome = jobs.deliver(mail_id=mail.pk, relay=box, at=at)
    mail.refresh_from_db()
    return outcome


class TestLeaving:
    def test_a_due_mail_leaves_and_is_settled(self, mail):
        box = Box()

        assert deliver(mail, box) is Outcome.SENT

        assert (mail.state, mail.sent_at, mail.due_at, mail.attempts) == ("sent", NOON, None, 1)
        (letter,) = box.letters
        assert (letter.address, letter.message_id) == ("alice@example.org", mail.message_id)

    def test_rel_01_twice_is_once(self, mail):
        box = Box()

        assert [deliver(mail, box), deliver(mail, box)] == [Outcome.SENT, Outcome.NOTHING_DUE]

        assert box.tries == 1

    def test_not_before_its_hour(self, mail):
        assert deliver(mail, Box(), at=NOON - timedelta(seconds=1)) is Outcome.NOTHING_DUE

    def test_of_an_unknown_mail_there_is_nothing_to_send(self, alice):
        gone = OutgoingMail(pk=rows.mail(user=alice).pk)
        OutgoingMail.objects.all().delete()

        assert jobs.deliver(mail_id=gone.pk, relay=Box(), at=NOON) is Outcome.NOTHING_DUE

    def test_rel_01_a_mail_that_another_worker_sends_is_left_alone(self, mail):
        seen = []

        class Inside(Box):
            def hand_over(self, letter):
                seen.append(jobs.deliver(mail_id=mail.pk, relay=Box(), at=NOON))

        deliver(mail, Inside())

        assert seen == [Outcome.NOTHING_DUE]

    def test_the_address_is_the_one_of_the_day_it_leaves(self, mail, alice):
        type(alice).objects.update(email="new@example.org")
        box = Box()

        deliver(mail, box)

        assert box.letters[0].address == mail.address == "new@example.org"

    def test_a_mail_to_a_former_address_goes_there(self, alice):
        box = Box()

        deliver(rows.mail(user=alice, address="former@example.org"), box)

        assert box.letters[0].address == "former@example.org"

    def test_without_any_address_it_is_not_sent(self, mail, alice):
        type(alice).objects.update(email="")

        assert deliver(mail, Box()) is Outcome.SUPPRESSED

        assert (mail.state, mail.reason, mail.due_at) == ("suppressed", "no-address", None)


class TestRelayAway:
    def test_it_costs_no_try_and_comes_again(self, mail):
        box = Box(faults=[RelayUnavailableError()])

        assert deliver(mail, box) is Outcome.RELAY_AWAY

        assert (mail.state, mail.attempts, mail.due_at) == ("waiting", 0, NOON + 5 * MINUTE)

    def test_the_sweep_stops_at_the_first(self, alice):
        for number in range(3):
            rows.mail(user=alice, key=f"mail{number}")
        box = Box(faults=[RelayUnavailableError() for _ in range(3)])

        assert jobs.sweep(relay=box, at=NOON) == 0

        assert box.tries == 1


class TestRefusal:
    def test_rel_07_five_tries_with_growing_waits_then_parked_with_the_reason(self, mail):
        box = Box(faults=[LetterRefusedError(451, permanent=False) for _ in range(5)])
        at, waits = NOON, []
        for _ in range(5):
            assert deliver(mail, box, at=at) is Outcome.REFUSED
            waits.append(None if mail.due_at is None else mail.due_at - at)
            at = mail.due_at or at

        assert waits == [MINUTE, 10 * MINUTE, 60 * MINUTE, 360 * MINUTE, None]
        assert (mail.state, mail.reason, mail.attempts) == ("parked", "smtp-451", 5)
        assert deliver(mail, box, at=at + timedelta(days=1)) is Outcome.NOTHING_DUE

    def test_an_address_that_does_not_exist_is_not_tried_again(self, mail):
        assert deliver(mail, Box(faults=[LetterRefusedError(550, permanent=True)])) is Outcome.REFUSED

        assert (mail.state, mail.reason, mail.due_at) == ("failed", "smtp-550", None)

    @pytest.mark.parametrize(
        "address", ["nobody", "a@b@c", "a@example.org\nBcc: b@example.org", "é@", "a b@example.org"]
    )
    def test_sec_30_what_is_no_address_never_reaches_the_relay(self, alice, address):
        box = Box()
        mail = rows.mail(user=alice, address=address)

        assert deliver(mail, box) is Outcome.REFUSED

        assert (mail.state, mail.reason, box.tries) == ("failed", "bad-address", 0)

    def test_rel_07_one_poisoned_mail_stops_no_other(self, alice):
        poisoned = rows.mail(user=alice, key="poison", address="nobody", due_at=NOON - MINUTE)
        rows.mail(user=alice, key="good")

        assert jobs.sweep(relay=Box(), at=NOON) == 1

        poisoned.refresh_from_db()
        assert poisoned.state == "failed"


class TestUncertainty:
    def test_rel_08_a_broken_connection_is_uncertain_and_repeated_as_the_same_message(self, mail):
        box = Box(faults=[HandoverUncertainError()], keeps=True)

        assert deliver(mail, box) is Outcome.UNCERTAIN
        assert (mail.state, mail.due_at) == ("uncertain", NOON + MINUTE)
        assert deliver(mail, box, at=NOON + MINUTE) is Outcome.SENT

        assert len(box.letters) == 2
        assert len({letter.message_id for letter in box.letters}) == 1
        assert box.letters[0] == box.letters[1]
        assert (mail.state, mail.uncertain_at) == ("sent", NOON)

    def test_rel_08_uncertain_to_the_end_stays_so_for_an_operator(self, mail):
        box = Box(faults=[HandoverUncertainError() for _ in range(5)])
        at = NOON
        for _ in range(5):
            deliver(mail, box, at=at)
            at = mail.due_at or at

        assert (mail.state, mail.due_at) == ("uncertain", None)
        assert outbox_state(at).counts["uncertain"] == 1

    def test_rel_08_a_machine_that_dies_in_a_try_leaves_an_uncertain_mail(self, mail):
        box = Box(faults=[PowerCutError()], keeps=True)  # type: ignore[list-item]
        with pytest.raises(PowerCutError):
            deliver(mail, box)
        mail.refresh_from_db()
        assert mail.state == "sending"

        jobs.sweep(relay=box, at=NOON + 4 * MINUTE)
        assert len(box.letters) == 1  # leased: perhaps it is still being sent
        jobs.sweep(relay=box, at=NOON + 6 * MINUTE)
        jobs.sweep(relay=box, at=NOON + 7 * MINUTE)

        mail.refresh_from_db()
        assert mail.state == "sent"
        assert len({letter.message_id for letter in box.letters}) == 1

    def test_a_late_end_of_a_lost_try_does_not_undo_the_next_one(self, mail):
        class Slow(Box):
            def hand_over(self, letter):
                jobs.sweep(relay=Box(), at=NOON + 6 * MINUTE)
                jobs.sweep(relay=Box(), at=NOON + 8 * MINUTE)
                raise LetterRefusedError(451, permanent=False)

        deliver(mail, Slow())

        assert (mail.state, mail.attempts) == ("sent", 2)


class TestState:
    def test_rel_23_figures_of_the_outbox(self, alice):
        rows.mail(user=alice, key="late", due_at=NOON - timedelta(hours=2))
        rows.mail(user=alice, key="early", due_at=NOON + timedelta(hours=2))
        rows.mail(user=alice, key="gone", state="sent", sent_at=NOON, due_at=None)

        state = outbox_state(NOON)

        assert state.counts == {
            "waiting": 2,
            "sending": 0,
            "sent": 1,
            "uncertain": 0,
            "failed": 0,
            "parked": 0,
            "suppressed": 0,
        }
        assert state.oldest_due == timedelta(hours=2)

    def test_of_an_empty_outbox(self):
        assert outbox_state(NOON).oldest_due == timedelta(0)

    def test_the_sweep_does_the_oldest_first(self, alice):
        for number in (2, 0, 1):
            rows.mail(user=alice, key=f"mail{number}", due_at=NOON - number * MINUTE, address=f"a{number}@example.org")
        box = Box()

        assert jobs.sweep(relay=box, at=NOON) == 3

        assert [letter.address for letter in box.letters] == ["a2@example.org", "a1@example.org", "a0@example.org"]
