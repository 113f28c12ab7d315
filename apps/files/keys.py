"""The master key of the deployment and the ciphers it opens."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from apps.files.crypto import FileCipher, SecretKey, unwrap
from apps.files.models import Vault


class VaultDestroyedError(Exception):
    """The key of the vault is gone: its files can never be read again."""


def master_key() -> SecretKey:
    """From `FILES_MASTER_KEY`, 64 hexadecimal characters."""
    return SecretKey(bytes.fromhex(settings.FILES_MASTER_KEY))


def cipher_of(*, vault: Vault, file_id: UUID) -> FileCipher:
    """Raises `VaultDestroyedError`, `TamperedError`."""
    if vault.wrapped_key is None:
        raise VaultDestroyedError(vault.id)
    key = unwrap(master=master_key(), vault_id=vault.id, wrapped=bytes(vault.wrapped_key))
    return FileCipher(vault_key=key, vault_id=vault.id, file_id=file_id)
