"""Erasing everything an owner keeps, by destroying the one key that opens it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.files.models import Vault


def destroy_space_vault(*, space_id: UUID, at: datetime) -> bool:
    """Destroy the key of a space's vault: its files can never be read again, by nobody, from no backup of the store.

    Inside the caller's transaction. Returns whether there was a key; a second call finds none.
    """
    vaults = Vault.objects.filter(owner_kind=Vault.Owner.SPACE, owner_id=space_id, wrapped_key__isnull=False)
    return bool(vaults.update(wrapped_key=None, key_destroyed_at=at))
