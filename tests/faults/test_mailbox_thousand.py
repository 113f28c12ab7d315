"""1,000 messages through door, parser and sender while their processes are killed at random (REL-02, REL-08)."""

from __future__ import annotations

import random
import smtplib
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from django.utils import timezone

from apps.common.invariants import findings
from apps.directory import trust
from apps.mss import models
from apps.mss.addresses import address_of
from apps.mss.models import Arrival, Message, OutgoingMail
from apps.spaces.models import HealthSpace
from tests import factories
from tests.architecture.sources import ROOT
from tests.directory.trust_lists import trust_these
from tests.faults.processes import Machine
from tests.faults.test_mailbox_sending import with_relay
from tests.mss.arriving import SENDER, letter
from tests.mss.outgoing import answered
from tests.mss.relays import listening

pytestmark = pytest.mark.faults
ARRIVALS, LETTERS, KILLS = 700, 300, 100
SECONDS = 420
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
WORKER = ("-c", _WORK)
DOOR = ("manage.py", "mss_gateway", "--lmtp")
UNBOUND = {"ENS_LIMIT_MSS_DOOR_SENDER": "100000/1h"}  # tries that a kill ended count as well


@dataclass(kw_only=True)
class Professional:
    """Writes until each letter was answered 250; a letter without an answer is sent again, the same one."""

    spaces: Sequence[HealthSpace]
    port: int
    count: int = ARRIVALS
    name: str = "k"
    stopped: Event = field(default_factory=Event)
    accepted: list[str] = field(default_factory=list)
    tries: int = 0

    def write(self) -> None:
        for number in range(self.count):
            while not self.stopped.is_set() and not self._is_taken(number):
                self.stopped.wait(0.2)

    def _is_taken(self, number: int) -> bool:
        self.tries += 1
        to = address_of(self.spaces[number % len(self.spaces)].identity.number)
        try:
            with smtplib.LMTP("127.0.0.1", self.port, timeout=5) as client:
                client.sendmail(SENDER, [to], letter(number=f"{self.name}{number}"))
        except (OSError, smtplib.SMTPException):
            return False
        self.accepted.append(f"{self.name}{number}@x.example")
        return True


def test_rel_02_a_thousand_messages_and_a_hundred_kills(
    machine: Machine, settings, measured: Callable[[str], None]
) -> None:
    settings.LIMITS = {**settings.LIMITS, "mss_send": (LETTERS, 3600)}
    trust_these(SENDER.partition("@")[2], at=timezone.now())
    spaces = [factories.space() for _ in range(5)]
    for number in range(LETTERS):
        answered(spaces[number % 5], text=f"Message {number}", at=timezone.now())
    before = Message.objects.filter(direction="in").count()
    port = free_port()
    professional = Professional(spaces=spaces, port=port)

    began = time.monotonic()
    with listening(settings) as operator, writing(professional):
        sender = with_relay(machine, settings)
        killed = _killed_at_random({**sender.environment, **UNBOUND, "ENS_SMTP_PORT": str(port)}, professional)

    measured(f"1,000 messages, {killed} kills at random: {time.monotonic() - began:.0f} s")
    measured(f"{ARRIVALS} letters, {professional.tries} tries at the door; {len(operator.mails)} mails for {LETTERS}")
    assert (killed, len(professional.accepted)) == (KILLS, ARRIVALS)
    assert set(Arrival.objects.values_list("state", flat=True)) == {"filed"}
    received = Message.objects.filter(direction="in", message_id__in=professional.accepted)
    assert received.values("message_id").distinct().count() == ARRIVALS
    assert Message.objects.filter(direction="in").count() == before + ARRIVALS
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}
    mails = Counter((one.message_id, one.body.text) for one in operator.read())
    assert len(mails) == LETTERS
    sent = Message.objects.filter(direction="out").values_list("message_id", flat=True)
    assert {message_id for message_id, _text in mails} == set(sent)
    assert sum(thread.messages for thread in models.Thread.objects.all()) == Message.objects.count()
    assert {one.name: one.count for one in findings(at=timezone.now()) if one.count and "mss." in one.name} == {}
    trust.forget()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def writing(*professionals: Professional) -> Iterator[None]:
    """All at once, each on its own, until they are told to stop."""
    threads = [Thread(target=each.write, daemon=True) for each in professionals]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for each in professionals:
            each.stopped.set()
        for thread in threads:
            thread.join()


def _killed_at_random(environment: dict[str, str], professional: Professional) -> int:
    """A door and two workers, one of them killed at a random moment again and again; then they end the work."""
    chance = random.Random(20261127)
    end = time.monotonic() + SECONDS
    kinds = (DOOR, WORKER, WORKER)
    running = [_started(kind, environment) for kind in kinds]
    killed = 0
    try:
        while time.monotonic() < end and (killed < KILLS or _is_open(professional)):
            time.sleep(chance.uniform(0.05, 4.0))
            place = chance.randrange(len(kinds))
            assert running[place].poll() is None, f"it ended by itself: {kinds[place][0]}"
            if killed < KILLS:
                running[place].kill()
                running[place].wait()
                running[place] = _started(kinds[place], environment)
                killed += 1
    finally:
        for process in running:
            process.kill()
            process.wait()
    return killed


def _started(kind: tuple[str, ...], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *kind], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def _is_open(professional: Professional) -> bool:
    waiting = OutgoingMail.objects.filter(state__in=("waiting", "sending", "uncertain"))
    unsent = len(professional.accepted) < ARRIVALS
    return unsent or Arrival.objects.filter(state="received").exists() or waiting.exists()
