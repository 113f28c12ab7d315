"""What is handed to the operator of secure messaging, and what may come back."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """One mail to one box, ready: ASCII with CRLF. An empty `sender` is the null sender, which nobody answers."""

    sender: str = field(repr=False)
    address: str = field(repr=False)
    data: bytes = field(repr=False)


class Trouble(StrEnum):
    """Why nobody takes mails."""

    NO_RELAY = "no-relay"  # none in the settings
    NO_CONNECTION = "no-connection"
    NO_TLS = "no-tls"
    NO_TRUST = "no-trust"  # a certificate, theirs or ours
    NO_ANSWER = "no-answer"
    CLOSING = "closing"


class RelayUnavailableError(Exception):
    """Nobody took anything, whatever the mail."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class MailRefusedError(Exception):
    """The operator said no to this mail. `permanent`: it will always say so (5xx). `code` is its number, `status` the
    enhanced one of RFC 3463, empty when it gave none. Its words are not kept: they may quote an address.
    """

    def __init__(self, code: int, *, status: str = "", permanent: bool) -> None:
        super().__init__(code, status)
        self.code = code
        self.status = status
        self.permanent = permanent


class HandoverUncertainError(Exception):
    """The connection broke after the mail was on its way: nobody knows whether the operator has it (REL-08)."""


class Relay(Protocol):
    """Hands mails over. Raises the three errors above; a return means that the operator has taken the mail."""

    simulated: bool

    def hand_over(self, mail: Outbound) -> None: ...


def make_relay() -> AbstractContextManager[Relay]:
    """The relay of the settings, for a block: it keeps one connection as long as all goes well."""
    made: AbstractContextManager[Relay] = import_string(settings.GATEWAYS["mss_relay"])()
    return made
