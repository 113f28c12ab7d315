"""1,000 messages through parser and sender while their processes are killed at random (REL-02, REL-08)."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.utils import timezone

from apps.common.invariants import findings
from apps.mss.models import Arrival, Message, OutgoingMail, Thread
from tests import factories
from tests.architecture.sources import ROOT
from tests.faults.processes import Machine
from tests.faults.test_mailbox_sending import with_relay
from tests.mss.arriving import arrive, letter
from tests.mss.outgoing import answered
from tests.mss.relays import listening

pytestmark = pytest.mark.faults
ARRIVALS, LETTERS, KILLS = 700, 300, 100
SECONDS = 380
# Leases and waits of seconds, so that a run of minutes sees what production sees in hours.
_WORK = """
import django; django.setup()
import time; from datetime import timedelta; from django.utils import timezone
from apps.mss.gateways.smtp import SmtpRelay; from apps.mss.jobs import filing, receipting, sending
filing.LEASE = sending.LEASE = timedelta(seconds=3)
filing.TRIES = sending.TRIES = 200
filing.WAITS = sending.WAITS = (timedelta(seconds=1),) * 200
while True:
    filing.file_arrivals(at=timezone.now(), seconds=1.0)
    receipting.queue_due(at=timezone.now())
    with SmtpRelay() as relay:
        sending.send_due(relay=relay, at=timezone.now(), seconds=1.0)
    time.sleep(0.05)
"""


def test_rel_02_a_thousand_messages_and_a_hundred_kills(
    machine: Machine, settings, measured: Callable[[str], None]
) -> None:
    settings.LIMITS = {**settings.LIMITS, "mss_send": (LETTERS, 3600)}
    spaces = [factories.space() for _ in range(5)]
    start = timezone.now()
    for number in range(LETTERS):
        answered(spaces[number % 5], text=f"Message {number}", at=start)
    before = Message.objects.filter(direction="in").count()
    for number in range(ARRIVALS):
        arrive(letter(number=f"k{number}"), spaces[number % 5], at=start)

    began = time.monotonic()
    with listening(settings) as operator:
        killed = _killed_at_random(with_relay(machine, settings).environment)

    assert killed == KILLS
    measured(f"1,000 messages, {killed} kills at random: {time.monotonic() - began:.0f} s")
    assert set(Arrival.objects.values_list("state", flat=True)) == {"filed"}
    assert Message.objects.filter(direction="in").count() == before + ARRIVALS
    assert Message.objects.filter(message_id__startswith="k").values("message_id").distinct().count() == ARRIVALS
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}
    mails = Counter((one.message_id, one.body.text) for one in operator.read())
    assert len(mails) == LETTERS
    assert {message_id for message_id, _text in mails} == set(_sent_ids())
    assert sum(thread.messages for thread in Thread.objects.all()) == Message.objects.count()
    assert {one.name: one.count for one in findings(at=timezone.now()) if one.count and "mss." in one.name} == {}


def _killed_at_random(environment: dict[str, str]) -> int:
    """Two processes at a time, one of them killed at a random moment again and again; then they end the work."""
    chance = random.Random(20261127)
    end = time.monotonic() + SECONDS
    running = [_worker(environment) for _ in range(2)]
    killed = 0
    try:
        while time.monotonic() < end and (killed < KILLS or _is_open()):
            time.sleep(chance.uniform(0.05, 3.0))
            place = chance.randrange(2)
            assert running[place].poll() is None, "a worker ended by itself"
            if killed < KILLS:
                running[place].kill()
                running[place].wait()
                running[place] = _worker(environment)
                killed += 1
    finally:
        for process in running:
            process.kill()
            process.wait()
    return killed


def _worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _WORK], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def _is_open() -> bool:
    waiting = OutgoingMail.objects.filter(state__in=("waiting", "sending", "uncertain"))
    return Arrival.objects.filter(state="received").exists() or waiting.exists()


def _sent_ids() -> list[str]:
    return list(Message.objects.filter(direction="out").values_list("message_id", flat=True))
