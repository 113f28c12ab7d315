"""REL-02, REL-04: a door that is killed, or whose database goes away, has kept whatever it has said 250 to."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from apps.mss.models import Arrival, ArrivalAddress, Message
from tests import factories
from tests.faults.doors import Operator, address_of, environment_of, gateway, letters, operator_of
from tests.faults.engines import OwnEngines, until
from tests.faults.processes import KILLS, Machine
from tests.mss.arriving import letter
from tests.mss.door.opened import SENDER

pytestmark = pytest.mark.faults
MESSAGES = 12
SENDERS = 4
RESTARTS = 5
_FILE = (
    "import django; django.setup(); from django.utils import timezone; from apps.mss.jobs import filing; "
    "list(iter(lambda: filing.file_arrivals(at=timezone.now()), 0))"
)


@pytest.mark.parametrize("place", ["before_commit", "after_commit"])
def test_rel_02_the_door_is_killed_five_times(machine: Machine, tmp_path: Path, place: str):
    """The operator hands in again whatever was not told 250; the holders have each message once."""
    spaces = [factories.space(), factories.space()]
    operator, to = operator_of(tmp_path), [address_of(space) for space in spaces]
    waiting = letters("d", MESSAGES)
    for kill in range(KILLS):
        point = {"ENS_FAILPOINTS": f"mss.door.{place}@{1 + kill % 2}"}
        with gateway({**machine.environment, **environment_of(operator), **point}, operator.port) as process:
            told = len(operator.taken)
            assert not operator.hands_in(*waiting, to=to)
            waiting = waiting[len(operator.taken) - told :]
            assert process.wait(timeout=20) == -signal.SIGKILL
        machine.counts[f"mss.door.{place}"] = kill + 1
    with gateway({**machine.environment, **environment_of(operator)}, operator.port):
        assert operator.hands_in(*waiting, to=to)
    machine.runs("-c", _FILE)

    kept = Counter(Arrival.objects.values_list("digest", flat=True))
    assert len(set(operator.taken)) == len(kept) == MESSAGES
    again = KILLS if place == "after_commit" else 0  # kept, but the operator was not told
    assert sum(kept.values()) == MESSAGES + again
    assert not ArrivalAddress.objects.filter(filed_at=None).exists()
    for space in spaces:
        ids = list(Message.objects.filter(space_id=space.id).values_list("message_id", flat=True))
        assert sorted(ids) == sorted(f"d{number}@x.example" for number in range(MESSAGES))


def test_rel_04_each_250_is_found_again_after_restarts_of_the_database(
    own: OwnEngines, tmp_path: Path, measured: Callable[[str], None]
):
    """Four operators hand in without a pause while the database crashes five times."""
    spaces = [factories.space() for _ in range(SENDERS)]
    operator, over = operator_of(tmp_path), Event()

    def hand_in(place: int) -> int:
        number = 0
        while not over.is_set():
            operator.insists(letter(number=f"r{place}-{number}", sender=SENDER), to=[address_of(spaces[place])])
            number += 1
        return number

    with gateway({**own.environment, **environment_of(operator)}, operator.port), ThreadPoolExecutor(SENDERS) as pool:
        counts = [pool.submit(hand_in, place) for place in range(SENDERS)]
        try:
            crash_often(own, operator)
        finally:
            over.set()
        numbers = [count.result() for count in counts]
    kept = set(Arrival.objects.values_list("digest", flat=True))
    own.runs("-c", _FILE)

    assert set(operator.taken) == kept
    assert len(operator.taken) == sum(numbers)
    assert operator.refused
    assert not Arrival.objects.filter(state="received").exists()
    measured(
        f"{RESTARTS} crashes under {sum(numbers)} messages: each 250 found, {operator.refused} asked to come again"
    )
    for space, number in zip(spaces, numbers, strict=True):
        assert Message.objects.filter(space_id=space.id).count() == number


def crash_often(own: OwnEngines, operator: Operator) -> None:
    """Each time after some more messages were told 250; and some afterwards."""
    for crash in range(RESTARTS + 1):
        told = len(operator.taken)
        until(lambda told=told: len(operator.taken) > told + 5 * SENDERS)
        if crash < RESTARTS:
            own.restart_database("messages at the door")
