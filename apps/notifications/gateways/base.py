"""The mail relay: what is handed over and what may come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail, ready: `html` says the same words as `text`. `message_id` in angle brackets."""

    address: str
    subject: str
    text: str
    html: str
    message_id: str


class RelayUnavailableError(Exception):
    """No relay answered: nothing left, whatever the letter."""


class LetterRefusedError(Exception):
    """The relay said no. `permanent`: it will always say so to this letter (5xx); `code` is its number, 0 = ours."""

    def __init__(self, code: int, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class HandoverUncertainError(Exception):
    """The connection broke after the letter was on its way: nobody knows whether the relay has it (REL-08)."""


class Relay(Protocol):
    """Hands letters to the outside. Raises the three errors above; a return means that the relay has taken it."""

    simulated: bool

    def hand_over(self, letter: Letter) -> None: ...
