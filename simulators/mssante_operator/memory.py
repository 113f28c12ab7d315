"""What the operator keeps: mails that came, mails that went with what the door answered; in memory, newest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Lock
from time import time

KEPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command to the door and its answer."""

    command: str
    code: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One mail as it came to a box; `sender` and `recipient` are those of the envelope."""

    number: int
    at: datetime
    box: str
    sender: str
    recipient: str
    source: bytes = field(repr=False)

    def message(self) -> EmailMessage:
        """The mail, read by the standard library."""
        return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One mail that a box sent, and every answer of the door; `sample` says which, empty for one that was written."""

    number: int
    at: datetime
    box: str
    recipient: str
    message_id: str
    subject: str
    sample: str
    steps: tuple[Step, ...]
    source: bytes = field(repr=False)

    @property
    def outcome(self) -> Step:
        """The answer that settled it."""
        return self.steps[-1]

    @property
    def is_taken(self) -> bool:
        return self.outcome.command == "DATA" and 200 <= self.outcome.code < 300  # noqa: PLR2004  class of an answer


class Memory:
    """Both lists behind one lock."""

    def __init__(self) -> None:
        self._received: list[Received] = []
        self._sent: list[Sent] = []
        self._count = 0
        self._lock = Lock()

    def receive(self, *, box: str, sender: str, recipient: str, source: bytes) -> Received:
        with self._lock:
            made = Received(number=self._next(), at=_now(), box=box, sender=sender, recipient=recipient, source=source)
            self._received = [made, *self._received][:KEPT]
        return made

    def send(
        self, *, box: str, recipient: str, message: EmailMessage, source: bytes, sample: str, steps: tuple[Step, ...]
    ) -> Sent:
        with self._lock:
            made = Sent(
                number=self._next(), at=_now(), box=box, recipient=recipient, message_id=str(message["Message-ID"]),
                subject=str(message["Subject"] or ""), sample=sample, steps=steps, source=source,
            )  # fmt: skip
            self._sent = [made, *self._sent][:KEPT]
        return made

    def received(self, box: str = "") -> list[Received]:
        """Of one box, or of all."""
        with self._lock:
            return [one for one in self._received if box in {"", one.box}]

    def sent(self, box: str = "") -> list[Sent]:
        """Of one box, or of all."""
        with self._lock:
            return [one for one in self._sent if box in {"", one.box}]

    def _next(self) -> int:
        self._count += 1
        return self._count


def _now() -> datetime:
    return datetime.fromtimestamp(time(), tz=UTC)
