"""What the library asks at each command: who hands in, from whom, for whom, and whether it is kept (MSS-02, MSS-73)."""

from __future__ import annotations

import asyncio
import hmac
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings
from django.utils import timezone

from apps.mss.door.accepting import Delivery
from apps.mss.door.answers import Answer, line_of
from apps.mss.door.database import AwayError, Threads, Writer
from apps.mss.door.memory import Memory
from apps.mss.door.recipients import Verdict, verdict_of
from apps.mss.door.senders import NULL, answer_sender
from apps.mss.quota import Uses

if TYPE_CHECKING:
    from apps.mss.door.protocol import Protocol

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Bytes, seconds and numbers of one door."""

    largest: int
    memory: int
    connections: int
    connections_an_address: int
    recipients: int
    refusals: int  # of recipients in one connection, before it is closed
    idle_seconds: float
    message_seconds: float


class Desk:
    """The library calls `handle_…`; everything that waits for the database waits in a thread."""

    def __init__(self, *, bounds: Bounds, threads: Threads, writer: Writer, hostname: str) -> None:
        self.bounds = bounds
        self.hostname = hostname
        self.memory = Memory(bounds.memory)
        self._uses = Uses()
        self._threads = threads
        self._writer = writer
        self._present: Counter[str] = Counter()
        self._empty = asyncio.Event()
        self._is_closing = False

    def admit(self, peer: str) -> str | None:
        """The name under which a connection is counted; None when there are too many."""
        full = self._is_closing or self._present.total() >= self.bounds.connections
        if full or self._present[peer] >= self.bounds.connections_an_address:
            logger.warning("door.refused", reason=Answer.BUSY.name)
            return None
        self._present[peer] += 1
        self._empty.clear()
        return peer

    def leave(self, peer: str) -> None:
        self._present[peer] -= 1
        if not self._present[peer]:
            del self._present[peer]
        if not self._present:
            self._empty.set()

    async def emptied(self, *, seconds: float) -> None:
        """Nobody new is let in; returns when all have gone, after `seconds` at the latest."""
        self._is_closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds if self._present else 0):
                await self._empty.wait()

    def words(self, answer: Answer) -> str:
        return line_of(answer, largest=self.bounds.largest)

    async def handle_EHLO(  # noqa: N802  names and arguments of the library
        self,
        _server: Protocol,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        kept = [line for line in responses if not line.startswith("250-AUTH")]
        return [*kept[:-1], "250-ENHANCEDSTATUSCODES", "250-PIPELINING", kept[-1]]

    async def handle_MAIL(  # noqa: N802  as above
        self,
        server: Protocol,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        peer = server.peer()
        try:
            at = timezone.now()
            answer = await self._threads.run(lambda: answer_sender(sender=address, peer=peer, at=at))
        except AwayError:
            answer = Answer.AWAY
        if answer.is_positive:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        else:
            _note(answer, sender=address)
        return self.words(answer)

    async def handle_RCPT(  # noqa: N802  as above
        self,
        server: Protocol,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= self.bounds.recipients:
            return self.words(Answer.TOO_MANY_RECIPIENTS)
        if server.refused >= self.bounds.refusals:
            server.leave_soon()
            return self.words(Answer.HARVEST)
        verdict = await self._verdict(address)
        if verdict.space_id is not None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.append(str(verdict.space_id))
        else:
            server.refused += verdict.answer.is_permanent
            _note(verdict.answer, sender=envelope.mail_from or "", recipient=address)
        return self.words(verdict.answer)

    async def _verdict(self, address: str) -> Verdict:
        try:
            return await self._threads.run(lambda: verdict_of(address, self._uses))
        except AwayError:
            return Verdict(answer=Answer.AWAY)

    async def handle_VRFY(self, *_: Any) -> str:  # noqa: N802, ANN401  as above
        return Answer.NO_VERIFY.value

    async def take(self, envelope: Envelope, data: bytes, *, peer: str) -> Answer:
        """Keep a message that came whole."""
        delivery = _delivery(envelope, data, peer=peer, at=timezone.now())
        try:
            answer = await self._writer.keep(delivery)
        except AwayError:
            answer = Answer.AWAY
        if answer is Answer.TAKEN:
            for space_id in delivery.space_ids:
                self._uses.add(space_id, len(data))
        else:
            _note(answer, sender=delivery.sender)
        return answer


def _delivery(envelope: Envelope, data: bytes, *, peer: str, at: datetime) -> Delivery:
    sender = envelope.mail_from or ""
    return Delivery(
        sender="" if sender == NULL else sender,
        peer=peer,
        space_ids=tuple(UUID(each) for each in envelope.rcpt_options),
        data=data,
        received_at=at,
    )


def _note(answer: Answer, *, sender: str, recipient: str = "") -> None:
    """Time, domain of the sender and case; of the recipient a keyed hash alone (MSS-73)."""
    said = b"mss.door\x00" + recipient.lower().encode("utf-8", "replace")
    mark = hmac.new(settings.SECRET_KEY.encode(), said, "sha256").hexdigest()[:16] if recipient else ""
    domain = sender.rpartition("@")[2].lower()[:255]
    logger.info("door.refused", reason=answer.name, domain=domain, recipient=mark)
