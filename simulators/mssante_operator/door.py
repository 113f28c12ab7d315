"""The operator as a client of the portal's door: SMTP with STARTTLS and the operator's certificate (MSS-04)."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from ssl import SSLContext

from simulators.mssante_operator.memory import Step

SECONDS = 30
_POSITIVE = range(200, 300)


class RefusedError(Exception):
    """The door said no: the steps tell it."""


class Door:
    """One transaction a mail; every answer of the door is kept."""

    def __init__(self, port: int, tls: SSLContext) -> None:
        self.port = port
        self._tls = tls

    def deliver(self, *, sender: str, recipients: Sequence[str], source: bytes) -> tuple[Step, ...]:
        """Send one mail; stops at the first refusal. The last step says what became of it, code 0: no connection."""
        steps: list[Step] = []
        try:
            with smtplib.SMTP("localhost", self.port, timeout=SECONDS) as client:
                self._transaction(client, steps, sender, recipients, source)
        except RefusedError:
            return tuple(steps)
        except (OSError, smtplib.SMTPException) as error:
            steps.append(Step(command="CONNECT", code=0, text=f"{type(error).__name__}: {error}"[:300]))
        return tuple(steps)

    def _transaction(
        self, client: smtplib.SMTP, steps: list[Step], sender: str, recipients: Sequence[str], source: bytes
    ) -> None:
        _keep(steps, "EHLO", client.ehlo())
        if client.has_extn("starttls"):
            _keep(steps, "STARTTLS", client.starttls(context=self._tls))
            _keep(steps, "EHLO", client.ehlo())
        options = [f"SIZE={len(source)}"] if client.has_extn("size") else []
        _keep(steps, "MAIL", client.mail(sender, options))
        for recipient in recipients:
            _keep(steps, "RCPT", client.rcpt(recipient))
        _keep(steps, "DATA", client.data(source))


def _keep(steps: list[Step], command: str, answer: tuple[int, bytes]) -> None:
    """Raises `RefusedError` for anything but a positive answer."""
    code, text = answer
    steps.append(Step(command=command, code=code, text=text.decode("utf-8", "replace")))
    if code not in _POSITIVE:
        raise RefusedError
