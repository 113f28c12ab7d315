"""An operator in this process, and a door that answers as it is told, both over real sockets."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller

from simulators.mssante_operator.boxes import Box, Boxes
from simulators.mssante_operator.config import Config
from simulators.mssante_operator.door import Door
from simulators.mssante_operator.memory import Memory
from simulators.mssante_operator.operator import Operator
from simulators.mssante_operator.patients import Patient
from simulators.mssante_operator.samples.catalogue import BY_KEY, Order
from tests.simulators.process import free_port

NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
CAMILLE = Patient(
    number="284064410920445", label="Camille Morel", family="MOREL", given="CAMILLE ANNE", born="19840614"
)
ADDRESS = "284064410920445@patient.mssante.example"


@dataclass
class Taken:
    """What the fake door got; `answers` by command, instead of yes."""

    answers: dict[str, str] = field(default_factory=dict)
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  name that the library calls
        if "MAIL" not in self.answers:
            envelope.mail_from = address
        return self.answers.get("MAIL", "250 2.1.0 ok")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  name that the library calls
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 2.1.5 ok")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  name that the library calls
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return self.answers.get("DATA", "250 2.0.0 kept")


@contextmanager
def door(taken: Taken, *, tls: ssl.SSLContext | None = None, size: int = 40_000_000) -> Iterator[int]:
    port = free_port()
    running = Controller(
        taken, hostname="localhost", port=port, tls_context=tls, require_starttls=tls is not None,
        data_size_limit=size, enable_SMTPUTF8=True,
    )  # fmt: skip
    running.start()
    try:
        yield port
    finally:
        running.stop()


def operator(port: int, *, patients: Path = Path("/nonexistent"), max_bytes: int = 200_000) -> Operator:
    config = Config(door=port, patients=patients, max_bytes=max_bytes)
    return Operator(
        config=config, boxes=Boxes(config.domain), memory=Memory(), door=Door(port, ssl.create_default_context())
    )


def box(key: str) -> Box:
    found = Boxes("pro.mssante.example").get(key)
    assert found is not None
    return found


def sample(key: str, *, patient: Patient = CAMILLE, at: datetime = NOON, max_bytes: int = 200_000) -> bytes:
    """The bytes of one sample from the biologist to Camille."""
    order = Order(box=box("perrin"), patient=patient, to=ADDRESS, at=at, copy_to=box("lefort"), max_bytes=max_bytes)
    one = BY_KEY[key]
    return one.bytes_of(one.write(order))


def parsed(source: bytes) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(source)
