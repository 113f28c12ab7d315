"""Scanned letters of oppositions: kept encrypted, readable once the antivirus has looked (RO-06, SEC-11)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.access import Actor
from apps.audit.services import Line, record
from apps.common.ids import uuid7
from apps.files import services as files
from apps.files.models import StoredFile, Vault
from apps.formats import media
from apps.rollout import policies
from apps.rollout.services.wishes import Scan

LARGEST = 10_000_000
_TYPES = (media.PDF, media.JPEG)


class ScanRefusedError(Exception):
    """Neither PDF nor JPEG by content, empty, or too large."""


def keep_scan(*, data: bytes, at: datetime) -> Scan:
    """Keep a scan in a vault of its own, so that it can be destroyed alone. Inside the caller's transaction.

    Raises `ScanRefusedError`, `StoreUnavailableError`.
    """
    media_type = media.sniff(data)
    if not data or len(data) > LARGEST or media_type not in _TYPES:
        raise ScanRefusedError
    content = files.Content(data=data, media_type=media_type)
    file = files.store_for(owner_kind=Vault.Owner.SCAN, owner_id=uuid7(), content=content, at=at)
    return Scan(vault_id=file.vault_id, file_id=file.id)


def scan_state(*, vault_id: UUID | None, file_id: UUID | None) -> StoredFile | None:
    """The file of a scan, without its content."""
    if vault_id is None or file_id is None:
        return None
    return StoredFile.objects.filter(pk=(vault_id, file_id)).first()


def read_scan(*, actor: Actor, file: StoredFile, target: str, at: datetime) -> files.Content:
    """The scan itself; each opening is traced. Raises `FileNotReadableError`, `FileGoneError`, `AccessDeniedError`."""
    decision = policies.may_run_rollout(actor).required()
    data = files.read(file)
    record(actor=actor, at=at, line=Line(action="rollout.scan.read", target=target, decision=decision))
    return files.Content(data=data, media_type=file.media_type)
