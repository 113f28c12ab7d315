"""The library's protocol with bounds of ours: messages are read in blocks, not line by line (decisions 23, REL-02)."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from ssl import SSLObject
from typing import TYPE_CHECKING, Any

import structlog
from aiosmtpd.smtp import SMTP, Session, syntax

from apps.mss.door.answers import Answer
from apps.mss.door.memory import NoRoomError, Share
from apps.mss.door.senders import name_of

if TYPE_CHECKING:
    from ssl import SSLContext

    from apps.mss.door.desk import Desk

logger = structlog.get_logger(__name__)

BLOCK = 1 << 20  # more than the reader ever holds: a block is all that came
SIZE = re.compile(r"\bSIZE=([0-9]{1,20})(?!\S)", re.IGNORECASE)
# Dot-atoms between angle brackets (RFC 5321 4.1.2), and what may follow.
PLAIN = re.compile(r"<([\w=+-]+(?:\.[\w=+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>[ \t]*(.*)", re.ASCII)
END = b"\r\n.\r\n"
COMMAND = 1_024  # bytes of a line, with SIZE, BODY and SMTPUTF8
CALLS = {"*": 1_000, "RCPT": 10_000, "MAIL": 10_000, "DATA": 10_000, "RSET": 10_000, "VRFY": 10, "HELP": 10}


class EndlessError(Exception):
    """More was sent than any message may have, or it took too long."""


class Protocol(SMTP):
    """One connection. `is_local` speaks LMTP to a server of our own, without certificates."""

    line_length_limit = 16_384  # what the reader buffers before it lets the sender wait

    def __init__(self, desk: Desk, *, tls: SSLContext | None, is_local: bool) -> None:
        self.desk = desk
        self.is_local = is_local
        self.admitted: str | None = None
        self.refused = 0  # recipients, for good
        self._peer: str | None = None
        self.command_size_limits = defaultdict(lambda: COMMAND)  # the library shares one table and lets it grow
        super().__init__(
            desk,
            data_size_limit=desk.bounds.largest,
            enable_SMTPUTF8=True,
            hostname=desk.hostname,
            ident="ESMTP",
            tls_context=tls,
            require_starttls=tls is not None,
            timeout=desk.bounds.idle_seconds,
            command_call_limit=CALLS,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._original_transport is None:
            peer = transport.get_extra_info("peername") or ("",)
            self.admitted = self.desk.admit(str(peer[0]))
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.admitted is not None:
            self.desk.leave(self.admitted)
            self.admitted = None
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        if self.admitted is None:
            await self.push(Answer.BUSY.value)
            self._hang_up()
            return
        await super()._handle_client()

    def _create_session(self) -> Session:
        return Session(self.loop)

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802  name that the library looks for
        if self.is_local:
            await self.smtp_EHLO(arg)
        else:
            await self.push("500 5.5.1 LHLO ?")

    @syntax("MAIL FROM: <address>", extended=" [SP <mail-parameters>]")
    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802  as above
        """The library's, but for its words about the size (RFC 1870 6.1, S18)."""
        announced = SIZE.search((arg or "").rpartition(">")[2])
        if announced and int(announced[1]) > self.desk.bounds.largest:
            await self.push(self.desk.words(Answer.TOO_LARGE))
        else:
            await super().smtp_MAIL(arg)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  as above
        """Read up to the dot, keep, answer; an LMTP client gets one answer a recipient."""
        if await self.check_helo_needed():
            return
        envelope = self._envelope()
        if arg or not envelope.rcpt_tos:
            await self.push("501 5.5.4 DATA" if arg else "503 5.5.1 RCPT ?")
            return
        share = Share(self.desk.memory, seconds=self.desk.bounds.idle_seconds / 2)
        try:
            answer = await self._take(share)
        finally:
            await share.end()
        for _ in envelope.rcpt_tos if self.is_local else [None]:
            await self.push(self.desk.words(answer))
        self.envelope = self._create_envelope()
        if answer in {Answer.FULL, Answer.SLOW}:
            self._hang_up()

    async def _take(self, share: Share) -> Answer:
        try:
            await share.begin(self._announced())  # before the sender begins: the others wait with nothing in hand
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            data = await self._read_message(share)
        except NoRoomError:
            return Answer.FULL
        except EndlessError:
            return Answer.SLOW
        if data is None:
            return Answer.TOO_LARGE
        return await self.desk.take(self._envelope(), data, peer=self.peer())

    async def _read_message(self, share: Share) -> bytes | None:
        """The bytes up to the dot, dots of transparency taken off (RFC 5321 4.5.2); None when they are too many.

        Only CR LF ends a line: what other readers take for a dot alone stays inside the message.
        """
        bounds, held, dropped = self.desk.bounds, bytearray(b"\r\n"), 0
        end = self.loop.time() + bounds.message_seconds
        while True:
            known = max(len(held) - len(END) + 1, 0)
            held += await self._next_block(end)
            place = held.find(END, known)
            if place >= 0:
                break
            if dropped or len(held) > bounds.largest + 2:
                dropped += len(held) - len(END)
                del held[: -len(END)]
                if dropped > 4 * bounds.largest:
                    raise EndlessError
            else:
                await share.grow_to(len(held))
        self._give_back(bytes(held[place + len(END) :]))
        del held[place + 2 :]
        if dropped or len(held) - 2 > bounds.largest:
            return None
        if held.find(b"\r\n.") >= 0:  # most messages have none, and a copy less
            held = held.replace(b"\r\n.", b"\r\n")
        return bytes(memoryview(held)[2:])

    async def _next_block(self, end: float) -> bytes:
        self._reset_timeout()
        block = await self._reader.read(BLOCK)
        if not block:
            raise ConnectionResetError
        if self.loop.time() > end:
            raise EndlessError
        return block

    def _announced(self) -> int:
        """Bytes that SIZE named at MAIL, which the library has compared with the largest message (RFC 1870)."""
        sizes = [text[5:] for text in self._envelope().mail_options if text.upper().startswith("SIZE=")]
        return int(sizes[0]) if sizes and sizes[0].isdecimal() else 0

    def _give_back(self, rest: bytes) -> None:
        """What a pipelining sender put behind the dot: the reader is empty, so that it comes first."""
        if rest:
            self._reader.feed_data(rest)

    async def handle_exception(self, error: Exception) -> str:
        """Nothing of the error goes out (SEC-22)."""
        logger.warning("door.error", reason=type(error).__name__)
        return Answer.AWAY.value

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The library's grammar costs more than all else of a command: what is plain needs none of it."""
        plain = PLAIN.fullmatch(arg)
        return (plain[1], plain[2]) if plain else super()._getaddr(arg)

    def _envelope(self) -> Any:  # noqa: ANN401  the library's, without types
        return self.envelope

    def peer(self) -> str:
        """Subject of the certificate that connected (RFC 4514); empty for a server of our own machine alone.

        What names nobody is "?", which is no operator's.
        """
        if self._peer is None:
            self._peer = "" if self.is_local else _named(self.session) or "?"
        return self._peer

    def leave_soon(self) -> None:
        """After the answer that is being given."""
        self.loop.call_soon(self._hang_up)

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()


def _named(session: Session | None) -> str:
    extra = session.ssl if session is not None and isinstance(session.ssl, dict) else {}
    tls = extra.get("ssl_object")
    certificate = tls.getpeercert(binary_form=True) if isinstance(tls, SSLObject) else None
    try:
        return name_of(certificate) if certificate is not None else ""
    except ValueError:
        return ""
