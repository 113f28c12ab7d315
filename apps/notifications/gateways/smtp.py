"""Hands letters to an SMTP relay by Django's mail API (settings EMAIL_*)."""

from __future__ import annotations

import smtplib
from typing import Self

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from apps.notifications.gateways.base import (
    HandoverUncertainError,
    Letter,
    LetterRefusedError,
    RelayUnavailableError,
)

_PERMANENT = 500
_OK = 250


class SmtpRelay:
    """One connection a letter: a broken one never takes a second letter with it."""

    simulated = False

    def hand_over(self, letter: Letter) -> None:
        """Send one letter. An answer of the relay is believed; a silence after the letter left is an uncertainty."""
        with KeptSmtpRelay() as kept:
            kept.hand_over(letter)


class KeptSmtpRelay:
    """One connection for many letters, for the block. It is asked for a sign of life before each letter, and given up
    after any trouble: what breaks is found before the next letter leaves, not by it.
    """

    simulated = False

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._give_up()

    def hand_over(self, letter: Letter) -> None:
        """As `SmtpRelay`."""
        message = message_of(letter)
        connection = self._alive()
        try:
            connection.send_messages([message])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            self._give_up()
            code = _code_of(error)
            raise LetterRefusedError(code, permanent=code >= _PERMANENT) from error
        except ValueError as error:  # a header of two lines, an address that is none
            self._give_up()
            raise LetterRefusedError(0, permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            self._give_up()
            raise HandoverUncertainError from error

    def _alive(self) -> BaseEmailBackend:
        """An open connection. Raises `RelayUnavailableError`."""
        if self._connection is not None and _answers(self._connection):
            return self._connection
        self._give_up()
        made: BaseEmailBackend = get_connection()
        try:
            made.open()
        except (smtplib.SMTPException, OSError) as error:
            raise RelayUnavailableError from error
        self._connection = made
        return made

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _answers(connection: BaseEmailBackend) -> bool:
    smtp = getattr(connection, "connection", None)  # a backend of tests keeps none
    if smtp is None:
        return True
    try:
        return bool(smtp.noop()[0] == _OK)
    except (smtplib.SMTPException, OSError):
        return False


def message_of(letter: Letter) -> EmailMultiAlternatives:
    """The mail as it goes over the wire."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.address],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def _code_of(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> int:
    if isinstance(error, smtplib.SMTPResponseException):
        return int(error.smtp_code)
    return max(int(code) for code, _words in error.recipients.values())
