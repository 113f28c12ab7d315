"""One content into its vault: sealed, object before row, so that a rollback leaves no row without bytes (REL-12)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from apps.common.ids import uuid7
from apps.files.gateways import store as objects
from apps.files.keys import cipher_of
from apps.files.models import StoredFile, Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Bytes with their media type, found by content."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """Why a content is readable at once: which scanner said so, and when."""

    scanner: str
    at: datetime


def keep(*, vault: Vault, content: Content, at: datetime, verdict: Clean | None = None) -> StoredFile:
    """Encrypt a content and write its row, which waits for the antivirus unless there is a verdict.

    Raises `StoreUnavailableError`, `MasterKeyMissingError`, `WrongMasterKeyError`: nothing was kept.
    """
    file = StoredFile(
        vault=vault,
        id=uuid7(),
        size=len(content.data),
        sha256=hashlib.sha256(content.data).hexdigest(),
        media_type=content.media_type,
        received_at=at,
    )
    if verdict is not None:
        file.state, file.scanner, file.scanned_at = StoredFile.State.CLEAN, verdict.scanner, verdict.at
    file.object_name = objects.save(cipher_of(vault=vault, file_id=file.id).encrypt(content.data))
    file.save(force_insert=True)
    return file
