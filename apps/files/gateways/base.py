"""Antivirus scanners as the portal sees them (SEC-11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class ScannerUnavailableError(Exception):
    """No answer that can be trusted: the file keeps waiting (REL-13)."""


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
        """Raises `ScannerUnavailableError`."""
        ...


def scanner() -> Scanner:
    """The scanner that the settings name."""
    made: Scanner = import_string(settings.GATEWAYS["scanner"])()
    return made
