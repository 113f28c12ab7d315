"""Texts of messages, closed under the key of the space's vault (MSS-82): erasing the vault erases them (REL-14)."""

from __future__ import annotations

import base64
from uuid import UUID

from apps.files import crypto
from apps.files.keys import key_of
from apps.files.models import Vault
from apps.files.vaults import vault_of


class Bodies:
    """Seals and opens the bodies of one space; asks for the vault's key once, so a page of many messages is one query.

    `vault` is that of the space.

    Raises `MasterKeyMissingError`, `WrongMasterKeyError`, `VaultDestroyedError`.
    """

    def __init__(self, space_id: UUID) -> None:
        self.vault = vault_of(owner_kind=Vault.Owner.SPACE, owner_id=space_id)
        self._key = key_of(self.vault)

    def seal(self, text: str, *, row_id: UUID) -> str:
        """For a column of the row with this id; in another row it does not open. An empty text stays empty."""
        if not text:
            return ""
        closed = crypto.seal(vault_key=self._key, bound_to=_bound(row_id), plain=text.encode())
        return base64.b64encode(closed).decode("ascii")

    def open(self, sealed: str, *, row_id: UUID) -> str:
        """The text again. Raises `TamperedError`."""
        if not sealed:
            return ""
        try:
            closed = base64.b64decode(sealed, validate=True)
        except ValueError as error:
            raise crypto.TamperedError(row_id) from error
        return crypto.unseal(vault_key=self._key, bound_to=_bound(row_id), sealed=closed).decode()


def _bound(row_id: UUID) -> bytes:
    return b"mss.body\x00" + row_id.bytes
