"""Mails that came in: read once, kept in memory, the newest first, nothing on disk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from threading import Lock
from time import time

KEPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One mail as it arrived. `recipients` are those of the envelope, whatever its headers say."""

    number: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    source: bytes

    def message(self) -> EmailMessage:
        """The mail, read by the standard library."""
        return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(self.source)

    @property
    def subject(self) -> str:
        return str(self.message().get("Subject", ""))

    def part(self, kind: str) -> str:
        """The words of the part `plain` or `html`; empty without one."""
        body = self.message().get_body(preferencelist=(kind,))
        return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


class Letters:
    """The catch-all box."""

    def __init__(self) -> None:
        self._kept: list[Received] = []
        self._count = 0
        self._lock = Lock()

    def add(self, *, sender: str, recipients: tuple[str, ...], source: bytes) -> Received:
        with self._lock:
            self._count += 1
            made = Received(
                number=self._count,
                at=datetime.fromtimestamp(time(), tz=UTC),
                sender=sender,
                recipients=recipients,
                source=source,
            )
            self._kept = [made, *self._kept][:KEPT]
        return made

    def all(self) -> list[Received]:
        with self._lock:
            return list(self._kept)

    def get(self, number: int) -> Received | None:
        return next((letter for letter in self.all() if letter.number == number), None)

    def clear(self) -> None:
        with self._lock:
            self._kept = []
