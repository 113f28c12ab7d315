"""Why a file was not decoded."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Stored in rows and put into words by pages."""

    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    DAMAGED = "damaged"
    TOO_SLOW = "too-slow"
    TOO_LARGE = "too-large"  # in memory or pixels
    TOO_MANY_PAGES = "too-many-pages"
    NOTHING = "nothing"


class RefusedFileError(Exception):
    """The file is not shown; `reason` says why, `warnings` what else was seen in it."""

    def __init__(self, reason: Reason, warnings: frozenset[str] = frozenset()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.warnings = warnings


class DecoderLostError(Exception):
    """The child was ended from outside (the machine stops, or has no memory left): nothing is known of the file."""
