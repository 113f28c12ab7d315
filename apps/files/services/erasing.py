"""Erasing everything an owner keeps, by destroying the one key that opens it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models.functions import Coalesce

from apps.files.models import StoredFile, Vault


def destroy_space_vault(*, space_id: UUID, at: datetime) -> bool:
    """Destroy the key of a space's vault: its files can never be read again, by nobody, from no backup of the store.

    Inside the caller's transaction. Returns whether there was a key; a second call finds none.
    """
    return _destroy(Vault.Owner.SPACE, space_id, at)


def destroy_letters_vault(*, batch_id: UUID, at: datetime) -> bool:
    """The same for the letters of a batch, once they are in the post."""
    return _destroy(Vault.Owner.LETTERS, batch_id, at)


def discard(*, vault_id: UUID, file_id: UUID, at: datetime) -> bool:
    """Destroy one file that its owner has thrown away; nobody reads it any more, the job of erasing deletes its bytes.

    What lies in the quarantine stays there for the operator. Inside the transaction of the caller, who asks whether it
    may be done and traces it. Returns whether something was there.
    """
    thrown = (StoredFile.State.WAITING, StoredFile.State.CLEAN)
    rows = StoredFile.objects.filter(pk=(vault_id, file_id), state__in=thrown)
    judged = Coalesce("scanned_at", at)  # a destroyed file waits for no verdict
    changed = rows.update(state=StoredFile.State.DESTROYED, destroyed_at=at, scanned_at=judged, due_at=None)
    return bool(changed)


def _destroy(owner_kind: Vault.Owner, owner_id: UUID, at: datetime) -> bool:
    vaults = Vault.objects.filter(owner_kind=owner_kind, owner_id=owner_id, wrapped_key__isnull=False)
    return bool(vaults.update(wrapped_key=None, key_destroyed_at=at))
