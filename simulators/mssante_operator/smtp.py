"""The operator's own door: boxes that take mail, refuse it or lose the connection, over TLS (RFC 5321, RFC 3207)."""

from __future__ import annotations

from asyncio import Transport
from collections.abc import Callable
from ssl import SSLContext

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from simulators.mssante_operator.boxes import REFUSALS, Boxes, Manner
from simulators.mssante_operator.memory import Memory, Received

MAX_BYTES = 36_000_000
TAKEN = "250 2.0.0 taken"
OnComingBack = Callable[[Received], None]


class Post:
    """What the library calls at each command; `come_back` gets what was accepted and cannot be delivered."""

    def __init__(self, boxes: Boxes, memory: Memory, come_back: OnComingBack) -> None:
        self._boxes = boxes
        self._memory = memory
        self._come_back = come_back

    async def handle_RCPT(  # noqa: N802  name that the library calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        box = self._boxes.at(address)
        if box is None:
            return REFUSALS[Manner.UNKNOWN]
        refusal = REFUSALS.get(self._boxes.manner(box))
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  as above
        boxes = [box for address in envelope.rcpt_tos if (box := self._boxes.at(address))]
        manners = {self._boxes.manner(box) for box in boxes}
        if Manner.DROPS_BEFORE in manners:
            _hang_up(server)
            return TAKEN
        content = envelope.content
        source = content if isinstance(content, bytes) else b""
        for box in boxes:
            came = self._memory.receive(box=box.key, sender=_sender(envelope), recipient=box.address, source=source)
            if self._boxes.manner(box) is Manner.COMES_BACK:
                self._come_back(came)
        if Manner.DROPS_AFTER in manners:
            _hang_up(server)
        return TAKEN


def _sender(envelope: Envelope) -> str:
    """Empty for the null sender, which the library writes as two brackets."""
    return (envelope.mail_from or "").strip("<>")


def _hang_up(server: SMTP) -> None:
    transport = server.transport
    if isinstance(transport, Transport):
        transport.abort()


def server(port: int, post: Post, tls: SSLContext | None) -> Controller:
    """On loopback only; without TLS (tests of the commands alone) nothing is asked for."""
    return Controller(
        post,
        hostname="127.0.0.1",
        port=port,
        data_size_limit=MAX_BYTES,
        enable_SMTPUTF8=True,
        server_hostname="operator.localhost",
        tls_context=tls,
        require_starttls=tls is not None,
    )
