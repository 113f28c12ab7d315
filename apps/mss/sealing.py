"""Bytes of an arrival between the door and the filing, closed under a key of their own (MSS-82, REL-02).

The key is that of a vault for this one purpose, so a change of master keys reaches it like any other. Each arrival is
bound to the id of its row.
"""

from __future__ import annotations

from uuid import UUID

from apps.files import crypto
from apps.files.keys import key_of
from apps.files.models import Vault
from apps.files.vaults import vault_of

_PURPOSE = UUID("0b9c5a52-6d5e-5c7b-8f0e-6d73732e6172")  # id of the purpose, as of an owner; never changed


def seal(data: bytes, *, row_id: UUID) -> bytes:
    """For the column of the row with this id; in another row it does not open.

    Raises `MasterKeyMissingError`, `WrongMasterKeyError`.
    """
    return Seals().seal(data, row_id=row_id)


class Seals:
    """Seals and opens many arrivals with one question for the key, when it is made: a COPY lets nothing be asked.

    Raises `MasterKeyMissingError`, `WrongMasterKeyError`, `VaultDestroyedError`.
    """

    def __init__(self) -> None:
        self._key = key_of(vault_of(owner_kind=Vault.Owner.PURPOSE, owner_id=_PURPOSE))

    def seal(self, data: bytes, *, row_id: UUID) -> bytes:
        """For the column of the row with this id."""
        return crypto.seal(vault_key=self._key, bound_to=_bound(row_id), plain=data)

    def unseal(self, sealed: bytes, *, row_id: UUID) -> bytes:
        """The bytes again. Raises `TamperedError`."""
        return crypto.unseal(vault_key=self._key, bound_to=_bound(row_id), sealed=sealed)


def unseal(sealed: bytes, *, row_id: UUID) -> bytes:
    """The bytes again. Raises `MasterKeyMissingError`: not now; `TamperedError`, `VaultDestroyedError`: never."""
    return Seals().unseal(sealed, row_id=row_id)


def _bound(row_id: UUID) -> bytes:
    return b"mss.arrival\x00" + row_id.bytes
