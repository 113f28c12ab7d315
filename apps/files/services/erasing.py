"""Erasing everything an owner keeps, by destroying the one key that opens it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.files.models import Vault


def destroy_space_vault(*, space_id: UUID, at: datetime) -> bool:
    """Destroy the key of a space's vault: its files can never be read again, by nobody, from no backup of the store.

    Inside the caller's transaction. Returns whether there was a key; a second call finds none.
    """
    return _destroy(Vault.Owner.SPACE, space_id, at)


def destroy_letters_vault(*, batch_id: UUID, at: datetime) -> bool:
    """The same for the letters of a batch, once they are in the post."""
    return _destroy(Vault.Owner.LETTERS, batch_id, at)


def _destroy(owner_kind: Vault.Owner, owner_id: UUID, at: datetime) -> bool:
    vaults = Vault.objects.filter(owner_kind=owner_kind, owner_id=owner_id, wrapped_key__isnull=False)
    return bool(vaults.update(wrapped_key=None, key_destroyed_at=at))
