"""Hands mails to the operator by SMTP over TLS with a certificate of our own (MSS-04, settings MSS_RELAY_*)."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Self

from django.conf import settings

from apps.mss.gateways.base import (
    HandoverUncertainError,
    MailRefusedError,
    Outbound,
    RelayUnavailableError,
    Trouble,
)

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0  # an operator may look for viruses between the dot and its answer
_OK, _GO_ON, _LEAVES = 250, 354, 421
_PERMANENT = HTTPStatus.INTERNAL_SERVER_ERROR.value
_STATUS = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_DOT = re.compile(rb"(?m)^\.")
_BROKEN = (smtplib.SMTPException, OSError, ValueError)


class SmtpRelay:
    """One connection for many mails. It is asked for a sign of life before each, and given up after any trouble: what
    breaks is found before the next mail leaves, not by it.
    """

    simulated = False

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._smtp is not None:
            _goodbye(self._smtp)
        self._smtp = None

    def hand_over(self, mail: Outbound) -> None:
        """Send one mail. An answer is believed; a silence after its last line left is an uncertainty."""
        smtp = self._alive()
        try:
            with _unavailable():
                _require(smtp.mail(mail.sender, [f"SIZE={len(mail.data)}"] if smtp.has_extn("size") else []))
                _require(smtp.rcpt(mail.address))
                _require(smtp.docmd("DATA"), _GO_ON)
            with _uncertain():
                smtp.send(_on_the_wire(mail.data))
                answer = smtp.getreply()
            _require(answer)
        except MailRefusedError:
            self._reset()
            raise
        except (RelayUnavailableError, HandoverUncertainError):
            self._give_up()
            raise

    def _alive(self) -> smtplib.SMTP:
        """An open connection. Raises `RelayUnavailableError`."""
        if self._smtp is not None and _answers(self._smtp):
            return self._smtp
        self._give_up()
        self._smtp = _connected()
        return self._smtp

    def _reset(self) -> None:
        try:
            if self._smtp is not None and self._smtp.rset()[0] == _OK:
                return
        except _BROKEN:
            pass  # it is given up below
        self._give_up()

    def _give_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def tls_context() -> ssl.SSLContext:
    """Who we are and whom we believe: the authority of the settings alone, TLS 1.2 at least, the name checked.

    Raises `RelayUnavailableError` when a file of the settings is missing or damaged.
    """
    if not all((settings.MSS_RELAY_CA, settings.MSS_RELAY_CERTIFICATE, settings.MSS_RELAY_KEY)):
        raise RelayUnavailableError(Trouble.NO_TRUST)  # the authorities of the machine count for nothing
    try:
        context = ssl.create_default_context(cafile=settings.MSS_RELAY_CA)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(settings.MSS_RELAY_CERTIFICATE, settings.MSS_RELAY_KEY)
    except OSError as error:  # `SSLError` is one
        raise RelayUnavailableError(Trouble.NO_TRUST) from error
    return context


def _connected() -> smtplib.SMTP:
    """Connected, greeted and closed to others; nothing is said before TLS but EHLO."""
    if not settings.MSS_RELAY_HOST:
        raise RelayUnavailableError(Trouble.NO_RELAY)
    smtp = None
    try:
        smtp = _opened()
        if smtp.sock is not None:
            smtp.sock.settimeout(ANSWER_SECONDS)
        smtp.ehlo_or_helo_if_needed()
    except ssl.SSLError as error:
        raise _given_up(smtp, Trouble.NO_TRUST) from error
    except smtplib.SMTPNotSupportedError as error:
        raise _given_up(smtp, Trouble.NO_TLS) from error
    except _BROKEN as error:
        raise _given_up(smtp, Trouble.NO_CONNECTION) from error
    return smtp


def _opened() -> smtplib.SMTP:
    host, port, name = settings.MSS_RELAY_HOST, settings.MSS_RELAY_PORT, settings.MSS_PATIENT_DOMAIN
    if settings.MSS_RELAY_TLS == "implicit":
        return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=CONNECT_SECONDS, context=tls_context())
    smtp = smtplib.SMTP(host, port, local_hostname=name, timeout=CONNECT_SECONDS)
    if settings.MSS_RELAY_TLS == "starttls":
        try:
            if smtp.starttls(context=tls_context())[0] != 220:  # noqa: PLR2004  RFC 3207
                raise smtplib.SMTPNotSupportedError
        except (*_BROKEN, RelayUnavailableError):
            smtp.close()
            raise
    return smtp


def _given_up(smtp: smtplib.SMTP | None, trouble: Trouble) -> RelayUnavailableError:
    if smtp is not None:
        smtp.close()
    return RelayUnavailableError(trouble)


@contextmanager
def _unavailable() -> Iterator[None]:
    """Before the mail itself has left, whatever breaks is the operator's."""
    try:
        yield
    except _BROKEN as error:
        raise RelayUnavailableError(Trouble.NO_ANSWER) from error


@contextmanager
def _uncertain() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise HandoverUncertainError from error


def _require(answer: tuple[int, bytes], wanted: int = _OK) -> None:
    """Raises `MailRefusedError`; an operator that closes (421) refuses nobody."""
    code, words = answer
    if code == wanted or (wanted == _OK and code == _OK + 1):
        return
    if code == _LEAVES:
        raise RelayUnavailableError(Trouble.CLOSING)
    status = _STATUS.match(words)
    raise MailRefusedError(code, status=status[1].decode() if status else "", permanent=code >= _PERMANENT)


def _on_the_wire(data: bytes) -> bytes:
    """With doubled dots and the single one at the end (RFC 5321 4.5.2)."""
    return _DOT.sub(b"..", data) + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")


def _answers(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] == _OK
    except _BROKEN:
        return False


def _goodbye(smtp: smtplib.SMTP) -> None:
    try:
        smtp.quit()
    except _BROKEN:
        smtp.close()
