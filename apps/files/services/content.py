"""Storing and reading files of a vault."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F

from apps.common.tasks import enqueue
from apps.files import jobs, tasks
from apps.files.gateways.base import StoreUnavailableError
from apps.files.keeping import Content, keep
from apps.files.keys import MasterKeyMissingError
from apps.files.models import StoredFile, Vault
from apps.files.vaults import vault_of


class FileNotReadableError(Exception):
    """The file exists but must not be read; `state` says why (waiting, infected, parked, destroyed)."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class FileGoneError(Exception):
    """The row is there, the bytes are not, or they are not those that were stored."""


def store(*, space_id: UUID, content: Content, at: datetime) -> StoredFile:
    """Keep a content in the vault of a space, encrypted, not readable before the antivirus check.

    Bytes that a rollback leaves without a row the reconciliation removes (REL-12). After commit the check is queued; a
    sweep finds it when the queue forgets.
    Raises `StoreUnavailableError`, `MasterKeyMissingError`, `WrongMasterKeyError`: nothing was kept.
    """
    return store_for(owner_kind=Vault.Owner.SPACE, owner_id=space_id, content=content, at=at)


def store_for(*, owner_kind: Vault.Owner, owner_id: UUID, content: Content, at: datetime) -> StoredFile:
    """The same in the vault of another owner."""
    return store_in(vault=vault_of(owner_kind=owner_kind, owner_id=owner_id), content=content, at=at)


def store_in(*, vault: Vault, content: Content, at: datetime) -> StoredFile:
    """The same in a vault that the caller has looked up."""
    file = keep(vault=vault, content=content, at=at)
    enqueue(tasks.scan, vault_id=str(file.vault_id), file_id=str(file.id))
    return file


def read(file: StoredFile) -> bytes:
    """The content of a clean file; counts the reading. The caller decides who may and records it in the trail.

    Raises `FileNotReadableError` before the check or after an infection, `FileGoneError`; `StoreUnavailableError` when
    the store does not answer or a master key is missing: the file is not lost, only not there now.
    """
    if not file.is_readable:
        raise FileNotReadableError(file.state)
    try:
        content = jobs.bytes_of(file)
    except jobs.LOST_BYTES as error:
        raise FileGoneError(file.id) from error
    except MasterKeyMissingError as error:
        raise StoreUnavailableError(type(error).__name__) from error
    StoredFile.objects.filter(pk=file.pk).update(read_count=F("read_count") + 1)
    return content
