"""Back-pressure instead of memory: a thousand operators and messages of 25 MB do not make the door grow."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from apps.formats.mail.digest import digest
from apps.mss.models import Arrival
from tests import factories
from tests.faults.doors import Operator, address_of, environment_of, gateway, operator_of
from tests.faults.processes import Machine
from tests.mss.arriving import letter
from tests.mss.door.opened import SENDER

pytestmark = pytest.mark.faults
CONNECTIONS = 1_000
SENDERS, MESSAGES = 12, 12
LARGEST = 25_000_000
MEGABYTES = 1_000_000
FREE = {"ENS_SMTP_CONNECTIONS": str(CONNECTIONS), "ENS_SMTP_CONNECTIONS_AN_ADDRESS": str(CONNECTIONS)}
PATIENT = {"ENS_SMTP_IDLE_SECONDS": "300"}  # the machine may be slow, that is not what is measured


def test_a_thousand_connections_and_messages_of_25_mb_in_flat_memory(
    machine: Machine, tmp_path: Path, measured: Callable[[str], None]
):
    """Twice the same load; what the first one needed is enough for the second one."""
    operator, to = operator_of(tmp_path), [address_of(factories.space())]
    head = letter(sender=SENDER, text="")
    large = head + b"x" * 76 + b"\r\n" + (b"y" * 76 + b"\r\n") * ((LARGEST - len(head)) // 78 - 2)
    environment = {**machine.environment, **environment_of(operator), **FREE, **PATIENT}
    with gateway(environment, operator.port) as process, ExitStack() as idle:
        operator.insists(letter(sender=SENDER), to=to)
        start = resident(process.pid)
        for _ in range(CONNECTIONS - SENDERS):
            idle.enter_context(operator.knock())
        connected = resident(process.pid)
        hand_in_together(operator, large, to)
        first = most_resident(process.pid)
        hand_in_together(operator, large, to)
        second = most_resident(process.pid)

    assert Arrival.objects.filter(digest=digest(large).hex()).count() >= 2 * MESSAGES
    each = (connected - start) / (CONNECTIONS - SENDERS) * 1_000
    measured(
        f"door: {start} MB, {each:.0f} kB a connection; {SENDERS} messages of {len(large) / MEGABYTES:.0f} MB at a "
        f"time {first} MB, again {second} MB"
    )
    assert each < 200
    assert second - connected < 600  # 100 MB of what is being received; copies of two that are sealed and handed over
    assert second - first < 60


def hand_in_together(operator: Operator, data: bytes, to: list[str]) -> None:
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(lambda _: operator.insists(data, to=to, seconds=250), range(MESSAGES)))


def resident(process: int) -> int:
    return _megabytes(process, "VmRSS")


def most_resident(process: int) -> int:
    return _megabytes(process, "VmHWM")


def _megabytes(process: int, name: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1_024 // MEGABYTES
