"""REL-04: a database that is restarted under load: each 250 of the door is found again, and nothing twice."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from apps.common.invariants import findings
from apps.directory import trust
from apps.mss.models import Arrival, ArrivalAddress, Message
from tests import factories
from tests.directory.trust_lists import trust_these
from tests.faults.engines import OwnEngines, until
from tests.faults.processes import KILLS
from tests.faults.test_mailbox_thousand import DOOR, UNBOUND, Professional, free_port, writing
from tests.mss.arriving import SENDER

pytestmark = pytest.mark.faults
WRITERS, LETTERS = 4, 150
PATIENCE = 240.0  # seconds, on a machine that does other things as well
_FILE = (
    "import django; django.setup(); from django.utils import timezone; from apps.mss.jobs import filing; "
    "filing.file_arrivals(at=timezone.now())"
)


def test_rel_04_the_database_is_restarted_five_times_while_the_door_takes_mail(own: OwnEngines):
    trust_these(SENDER.partition("@")[2], at=timezone.now())
    spaces = [factories.space() for _ in range(3)]
    port = free_port()
    door = own.start(*DOOR, ENS_SMTP_PORT=str(port), **UNBOUND)
    writers = [Professional(spaces=spaces, port=port, count=LETTERS, name=f"w{each}-") for each in range(WRITERS)]

    with writing(*writers):
        for restart in range(KILLS):
            wanted = (restart + 1) * WRITERS * LETTERS // (KILLS + 2)
            until(
                lambda wanted=wanted: sum(len(each.accepted) for each in writers) >= wanted, seconds=PATIENCE, job=door
            )
            own.restart_database("mailbox door")
        until(lambda: all(len(each.accepted) == LETTERS for each in writers), seconds=PATIENCE, job=door)
    door.stop()
    while Arrival.objects.filter(state="received", due_at__lte=timezone.now()).exists():
        own.runs("-c", _FILE)
        time.sleep(0.1)

    accepted = {message_id for each in writers for message_id in each.accepted}
    assert len(accepted) == WRITERS * LETTERS
    kept = list(Message.objects.values_list("message_id", flat=True))
    assert (set(kept), len(kept)) == (accepted, len(accepted))
    assert set(Arrival.objects.values_list("state", flat=True)) == {"filed"}
    assert not ArrivalAddress.objects.filter(filed_at=None).exists()
    assert own.restarts["mailbox door"] == KILLS
    assert sum(each.tries for each in writers) > len(accepted), "no restart was felt"
    assert {one.name: one.count for one in findings(at=timezone.now()) if one.count and "mss." in one.name} == {}
    trust.forget()
