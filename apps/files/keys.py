"""The master keys of the deployment and what they open (SEC-28).

Each wrapped vault key says the version of the master key that closes it. Two versions may be known at a time, so that
everything stays readable while `apps.files.jobs.rotation` closes the vault keys anew (docs/domain/files.md).
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from apps.files.crypto import FileCipher, SecretKey, TamperedError, fingerprint, unwrap, wrap
from apps.files.models import MasterKey, Vault


class VaultDestroyedError(Exception):
    """The key of the vault is gone: its files can never be read again."""


class MasterKeyMissingError(Exception):
    """A vault key is closed with a master key that the settings do not hold; nothing is lost, `version` is needed."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class WrongMasterKeyError(MasterKeyMissingError):
    """The settings hold another key for `version` than the one that closed vault keys before."""


def current_version() -> int:
    """Version that closes new vault keys."""
    return int(settings.FILES_MASTER_KEY_VERSION)


def master_key(version: int) -> SecretKey:
    """From the settings, 64 hexadecimal characters. Raises `MasterKeyMissingError`."""
    known = {settings.FILES_MASTER_KEY_VERSION: settings.FILES_MASTER_KEY}
    if settings.FILES_SECOND_MASTER_KEY:
        known[settings.FILES_SECOND_MASTER_KEY_VERSION] = settings.FILES_SECOND_MASTER_KEY
    if version not in known:
        raise MasterKeyMissingError(version)
    return SecretKey(bytes.fromhex(known[version]))


def require_known(version: int) -> None:
    """Note the key of `version` at its first use. Raises `WrongMasterKeyError` when it is not the one noted before."""
    mark = fingerprint(master_key(version))
    noted, _made = MasterKey.objects.get_or_create(version=version, defaults={"fingerprint": mark})
    if noted.fingerprint != mark:
        raise WrongMasterKeyError(version)


def key_of(vault: Vault) -> SecretKey:
    """The key of a vault. Raises `VaultDestroyedError`, `TamperedError`: lost; `MasterKeyMissingError`: not now.

    A wrong master key opens no vault, as damage does: `WrongMasterKeyError` says what the settings can mend.
    """
    if vault.wrapped_key is None:
        raise VaultDestroyedError(vault.id)
    master = master_key(vault.master_version)
    try:
        return unwrap(master=master, vault_id=vault.id, wrapped=bytes(vault.wrapped_key))
    except TamperedError:
        noted = MasterKey.objects.filter(version=vault.master_version).first()
        if noted is None or noted.fingerprint == fingerprint(master):
            raise
        raise WrongMasterKeyError(vault.master_version) from None


def wrapped_now(*, vault_id: UUID, key: SecretKey) -> tuple[bytes, int]:
    """A vault key, closed with the current master key, and its version."""
    version = current_version()
    return wrap(master=master_key(version), vault_id=vault_id, key=key), version


def cipher_of(*, vault: Vault, file_id: UUID) -> FileCipher:
    """Raises `VaultDestroyedError`, `MasterKeyMissingError`, `TamperedError`."""
    return FileCipher(vault_key=key_of(vault), vault_id=vault.id, file_id=file_id)
