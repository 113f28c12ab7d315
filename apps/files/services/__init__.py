"""Storing and reading files of a vault; what an operator does with files that nobody may read."""

from __future__ import annotations

from apps.files.gateways.base import StoreUnavailableError
from apps.files.keeping import Content
from apps.files.services.content import FileGoneError, FileNotReadableError, read, store, store_for, store_in
from apps.files.services.erasing import destroy_letters_vault, destroy_space_vault, discard
from apps.files.services.quarantine import NotInQuarantineError, check_again, destroy, in_quarantine, quarantined

__all__ = [
    "Content",
    "FileGoneError",
    "FileNotReadableError",
    "NotInQuarantineError",
    "StoreUnavailableError",
    "check_again",
    "destroy",
    "destroy_letters_vault",
    "destroy_space_vault",
    "discard",
    "in_quarantine",
    "quarantined",
    "read",
    "store",
    "store_for",
    "store_in",
]
