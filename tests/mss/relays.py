"""Operators of tests: one that only keeps mails, and a real server on the loopback that fails as told."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail as django_mail

from apps.formats.mail.model import ReadMail
from apps.formats.mail.reading import read_mail
from apps.mss.gateways.base import Outbound


@dataclass(kw_only=True)
class Kept:
    """Takes every mail; `faults` are raised one after the other first. `keeps`: a mail that failed was taken all the
    same.
    """

    simulated = True
    faults: list[Exception] = field(default_factory=list)
    keeps: bool = False
    mails: list[Outbound] = field(default_factory=list)
    tries: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def hand_over(self, mail: Outbound) -> None:
        self.tries += 1
        fault = self.faults.pop(0) if self.faults else None
        if fault is None or self.keeps:
            self.mails.append(mail)
        if fault is not None:
            raise fault

    def read(self) -> list[ReadMail]:
        return [read_mail(mail.data) for mail in self.mails]


class Outbox(Kept):
    """For whole runs: mails lie with those that Django keeps in tests."""

    def hand_over(self, mail: Outbound) -> None:
        letter = read_mail(mail.data)
        headers = {"Message-ID": letter.message_id}
        made = django_mail.EmailMessage(letter.subject, letter.body.text, mail.sender, [mail.address], headers=headers)
        django_mail.outbox.append(made)


@dataclass(kw_only=True)
class Operator:
    """What a server took, and how it answers. The local part of a recipient may ask for a fault: `unknown` 550, `later`
    452, `drop-after` and `drop-before` break the connection after or before the mail was taken, `bad-data` 554 at the
    end of the mail, `leaving` 421.
    """

    mails: list[Envelope] = field(default_factory=list)
    peers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  names of aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        faults = {
            "unknown": "550 5.1.1 no such box",
            "later": "452 4.2.2 box full",
            "leaving": "421 4.3.2 going down",
        }
        fault = faults.get(address.partition("@")[0])
        if fault is not None:
            return fault
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        wanted = {address.partition("@")[0] for address in envelope.rcpt_tos}
        if "bad-data" in wanted:
            return "554 5.7.0 refused"
        if "drop-before" not in wanted:
            self.mails.append(envelope)
        if wanted & {"drop-before", "drop-after"}:
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 taken"

    def read(self) -> list[ReadMail]:
        return [read_mail(bytes(envelope.content or b"")) for envelope in self.mails]


class _Listener(Controller):
    """On a free port of the loopback, by its own loop and thread."""

    def __init__(self, operator: Operator, **options: Any) -> None:
        super().__init__(operator, hostname="127.0.0.1", port=0, **options)
        self.server_factory: Callable[[], SMTP] | None = None

    def _trigger_server(self) -> None:
        """The library connects to the port that it was given; ours is known only now."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        if self.ssl_context is None:
            super()._trigger_server()
        else:
            knock = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            knock.check_hostname, knock.verify_mode = False, ssl.CERT_NONE
            address = ("127.0.0.1", self.port)
            with socket.create_connection(address) as plain, knock.wrap_socket(plain) as closed:
                closed.recv(1024)


@contextmanager
def listening(settings: Any, *, tls: ssl.SSLContext | None = None, implicit: bool = False) -> Iterator[Operator]:
    """An operator on the loopback, named by the settings."""
    operator = Operator()
    options: dict[str, Any] = {"ssl_context": tls} if implicit else {"tls_context": tls, "require_starttls": bool(tls)}
    listener = _Listener(operator, **options)
    listener.start()
    settings.MSS_RELAY_HOST, settings.MSS_RELAY_PORT = "localhost", listener.port
    settings.MSS_RELAY_TLS = ("implicit" if implicit else "starttls") if tls else "none"
    try:
        yield operator
    finally:
        listener.stop()
