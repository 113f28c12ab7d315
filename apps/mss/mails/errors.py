"""Why a mail of the queue has no bytes."""

from __future__ import annotations

from enum import StrEnum


class Lack(StrEnum):
    """Codes of `OutgoingMail.problem`; pages have the words."""

    FILE_WAITING = "file-waiting"
    STORE_AWAY = "store-away"
    KEY_AWAY = "key-away"
    FILE_UNCHECKED = "file-unchecked"
    VIRUS = "virus"
    FILE_LOST = "file-lost"
    TEXT_LOST = "text-lost"
    PACKAGE = "package"
    TOO_LARGE = "too-large"
    UNWRITABLE = "unwritable"
    NO_IDENTIFIER = "no-identifier"
    GONE = "message-gone"
    SPACE_SUSPENDED = "space-suspended"
    SPACE_CLOSED = "space-closed"
    SPACE_DELETED = "space-deleted"


class _LackError(Exception):
    def __init__(self, lack: Lack) -> None:
        super().__init__(lack.value)
        self.lack = lack


class NotReadyError(_LackError):
    """Not now: a file waits for the antivirus, the store or a key is away."""


class UnsendableError(_LackError):
    """Never, as it stands: a virus, lost bytes, a row that is gone, a value that no header may hold."""
