"""Hands letters to an SMTP relay by Django's mail API (settings EMAIL_*)."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMultiAlternatives, get_connection

from apps.notifications.gateways.base import (
    HandoverUncertainError,
    Letter,
    LetterRefusedError,
    RelayUnavailableError,
)

_PERMANENT = 500


class SmtpRelay:
    """One connection a letter: a broken one never takes a second letter with it."""

    simulated = False

    def hand_over(self, letter: Letter) -> None:
        """Send one letter. An answer of the relay is believed; a silence after the letter left is an uncertainty."""
        message = _message(letter)
        connection = get_connection()
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise RelayUnavailableError from error
        try:
            connection.send_messages([message])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            code = _code_of(error)
            raise LetterRefusedError(code, permanent=code >= _PERMANENT) from error
        except ValueError as error:  # a header of two lines, an address that is none
            raise LetterRefusedError(0, permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise HandoverUncertainError from error
        finally:
            connection.close()


def _message(letter: Letter) -> EmailMultiAlternatives:
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
