"""Antivirus scanners and the store of objects as the portal sees them (SEC-11, REL-12, REL-13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class GatewayError(Exception):
    """An outside system did not do what was asked. Its text never holds content."""


class StoreUnavailableError(GatewayError):
    """The store of objects does not answer, or refuses; nothing is known about the object: try again later."""


class ScannerUnavailableError(GatewayError):
    """The scanner is away or busy: the file keeps waiting, and it is not the file's fault (REL-13)."""


class ScannerAnswerError(GatewayError):
    """The scanner took the file and gave no answer that can be trusted: a try of this file has failed (REL-07)."""


class ScannerRefusedError(GatewayError):
    """The scanner will not look at this file, now or later: it is longer than it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`infected` with the engine's word for it; `engine` says who judged."""

    infected: bool
    engine: str
    finding: str = ""


class Scanner(Protocol):
    """Judges bytes. `simulated` scanners are refused in production by a system check."""

    simulated: bool

    def scan(self, content: bytes) -> Verdict:
        """Raises `ScannerUnavailableError`, `ScannerAnswerError`, `ScannerRefusedError`."""
        ...


def scanner() -> Scanner:
    """The scanner that the settings name."""
    made: Scanner = import_string(settings.GATEWAYS["scanner"])()
    return made
