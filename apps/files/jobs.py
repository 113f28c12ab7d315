"""What machines carry on with stored files: the antivirus check."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from apps.access import SYSTEM
from apps.audit.services import Line, record
from apps.files.crypto import TamperedError
from apps.files.gateways.base import Scanner, ScannerUnavailableError
from apps.files.keys import VaultDestroyedError, cipher_of
from apps.files.models import StoredFile

SWEEP_AFTER = timedelta(minutes=1)
LOST_BYTES = (FileNotFoundError, TamperedError, VaultDestroyedError)  # what `bytes_of` raises


def scan(*, vault_id: UUID, file_id: UUID, scanner: Scanner, at: datetime) -> StoredFile.State | None:
    """Judge one waiting file; safe to run twice or late: a file already judged stays as it is.

    Returns the state after the run, None when there is no such file. A scanner that is away leaves the file waiting.
    """
    with transaction.atomic():
        file = (
            StoredFile.objects.select_for_update(of=("self",))
            .select_related("vault")
            .filter(pk=(vault_id, file_id))
            .first()
        )
        if file is None or file.state != StoredFile.State.WAITING:
            return None if file is None else StoredFile.State(file.state)
        try:
            verdict = scanner.scan(bytes_of(file))
        except ScannerUnavailableError:
            return StoredFile.State.WAITING
        file.state = StoredFile.State.INFECTED if verdict.infected else StoredFile.State.CLEAN
        file.scanner, file.finding, file.scanned_at = verdict.engine, verdict.finding, at
        file.save(update_fields=["state", "scanner", "finding", "scanned_at"])
        if verdict.infected:
            _record_quarantine(file, at)
        return StoredFile.State(file.state)


def _record_quarantine(file: StoredFile, at: datetime) -> None:
    scope, target = file.vault.owner_id, f"file:{file.id}"
    line = Line(action="files.object.quarantine", target=target, scope_id=scope, actor_id="files.scan")
    record(actor=SYSTEM, at=at, line=line)


def waiting(*, at: datetime, limit: int = 200) -> list[tuple[UUID, UUID]]:
    """(vault, file) of files that wait longer than a minute: their task was lost or the scanner was away."""
    rows = StoredFile.objects.filter(state=StoredFile.State.WAITING, received_at__lt=at - SWEEP_AFTER)
    return list(rows.order_by("received_at", "id").values_list("vault_id", "id")[:limit])


def bytes_of(file: StoredFile) -> bytes:
    """Decrypted content, whatever the state: for the scanner and the reading service only.

    Raises `VaultDestroyedError`, `TamperedError`, `FileNotFoundError`.
    """
    with default_storage.open(file.object_name, "rb") as stored:
        return cipher_of(vault=file.vault, file_id=file.id).decrypt(stored.read())
