"""Vaults are made when their owner keeps something for the first time (architecture 3.11)."""

from __future__ import annotations

from uuid import UUID

from apps.common.ids import uuid7
from apps.files.crypto import new_key
from apps.files.keys import current_version, require_known, wrapped_now
from apps.files.models import Vault


def vault_of(*, owner_kind: Vault.Owner, owner_id: UUID) -> Vault:
    """The vault of an owner, made when there is none; two at once make one. Raises `WrongMasterKeyError`."""
    vault = Vault.objects.filter(owner_kind=owner_kind, owner_id=owner_id).first()
    if vault is not None:
        return vault
    require_known(current_version())
    vault_id = uuid7()
    wrapped, version = wrapped_now(vault_id=vault_id, key=new_key())
    made, _ = Vault.objects.get_or_create(
        owner_kind=owner_kind,
        owner_id=owner_id,
        defaults={"id": vault_id, "wrapped_key": wrapped, "master_version": version},
    )
    return made
