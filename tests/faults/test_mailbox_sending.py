"""REL-02, REL-08: kills while answers and receipts are sent lose none; whatever is repeated is the same mail."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apps.common.invariants import findings
from apps.mss import counters
from apps.mss.models import Message, OutgoingMail
from tests import factories
from tests.faults.processes import KILLS, Machine
from tests.mss.arriving import SENDER, letter, receive
from tests.mss.outgoing import answered
from tests.mss.relays import Operator, listening

pytestmark = pytest.mark.faults
MAILS = 12
AT = datetime(2026, 9, 14, 8, tzinfo=UTC)
_WORK = (
    "import django; django.setup(); from datetime import UTC, datetime, timedelta; "
    "from apps.mss.gateways.smtp import SmtpRelay; from apps.mss.jobs import receipting, sending; "
    "at = datetime(2026, 9, 14, 8, tzinfo=UTC) + timedelta(minutes={minutes}); "
    "receipting.queue_due(at=at); relay = SmtpRelay().__enter__(); sending.send_due(relay=relay, at=at)"
)


def script(minutes: int = 0) -> tuple[str, str]:
    return "-c", _WORK.format(minutes=minutes)


def with_relay(machine: Machine, settings) -> Machine:
    relay = {
        "ENS_MSS_RELAY_HOST": "localhost",
        "ENS_MSS_RELAY_PORT": str(settings.MSS_RELAY_PORT),
        "ENS_MSS_RELAY_TLS": "none",
    }
    return replace(machine, environment={**machine.environment, **relay})


@pytest.mark.parametrize("place", ["claimed", "before_relay", "after_relay", "before_commit"])
def test_rel_08_the_sending_is_killed_five_times(machine: Machine, settings, place: str):
    spaces = [factories.space() for _ in range(3)]
    for number in range(MAILS):
        answered(spaces[number % 3], text=f"Message {number}", at=AT)

    with listening(settings) as operator:
        sender = with_relay(machine, settings)
        for kill in range(KILLS):
            assert sender.dies(*script(10 * kill), at=f"mss.send.{place}@{1 + kill % 2}")
        for later in (100, 200, 2000):
            sender.runs(*script(later))

    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}
    once_each(operator)
    assert [(one.name, one.count) for one in findings(at=AT) if one.name.startswith("mss.") and one.count] == []


def test_rel_02_the_queueing_of_receipts_is_killed_five_times(machine: Machine, settings):
    space = factories.space()
    for number in range(MAILS):
        asks = f"Disposition-Notification-To: <{SENDER}>\r\n"
        message = receive(letter(number=f"m{number}", fields=asks), space, at=AT)[-1]
        counters.mark_read(space_id=space.id, thread_id=message.thread_id, at=AT)

    with listening(settings) as operator:
        sender = with_relay(machine, settings)
        for kill in range(KILLS):
            assert sender.dies(*script(kill), at=f"mss.receipt.before_commit@{1 + kill % 2}")
        sender.runs(*script(100))

    assert OutgoingMail.objects.filter(kind="receipt", state="sent").count() == MAILS
    assert not Message.objects.filter(wants_receipt=True, receipt_at=None).exists()
    once_each(operator)


def once_each(operator: Operator) -> None:
    """However often one was repeated, it was the same mail."""
    mails = Counter((str(one.message_id), one.body.text) for one in operator.read())
    assert {message_id for message_id, _text in mails} == set(
        OutgoingMail.objects.values_list("rfc_message_id", flat=True)
    )
    assert len(mails) == MAILS
