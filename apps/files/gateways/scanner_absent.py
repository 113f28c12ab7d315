"""No scanner: every file waits. A production that has not yet named one is safe, not open."""

from __future__ import annotations

from typing import NoReturn

from apps.files.gateways.base import ScannerUnavailableError


class AbsentScanner:
    """Answers nothing; files stay in `WAITING` and nobody can read them."""

    simulated = False

    def scan(self, content: bytes) -> NoReturn:
        """Always unavailable."""
        raise ScannerUnavailableError(len(content))
