"""A search index over encrypted contents that names no word (decisions 42, SEC-28).

Each word of a content becomes a short mark under a key of its vault. Whoever holds the database alone learns how many
different words a content has and which contents of one vault share some of them: neither the words, nor anything across
vaults. With the vault's key the marks lose all meaning.
"""

from __future__ import annotations

import base64
import hmac
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from apps.files import crypto
from apps.files.crypto import SecretKey, TamperedError
from apps.files.keys import MasterKeyMissingError, VaultDestroyedError, key_of
from apps.files.models import Vault

MARK = 6  # characters of 6 bits: by chance, one look in two million into 6,000 words finds what is not there
CLOSED = (VaultDestroyedError, MasterKeyMissingError, TamperedError)  # what opening a vault raises
_INFLATED_AT_MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class VaultWords:
    """Words of one vault whose key is at hand: marks for columns that are searched, texts for columns that are not."""

    key: SecretKey
    key_of_marks: SecretKey

    def mark(self, word: str) -> str:
        """`MARK` characters of `A-Za-z0-9-_`, always the same for this word in this vault."""
        digest = hmac.digest(self.key_of_marks.value, word.encode(), "sha256")
        return base64.urlsafe_b64encode(digest)[:MARK].decode()

    def index(self, words: Iterable[str]) -> str:
        """All marks in a row, in an order that tells nothing of the text. A mark stands in it or does not."""
        return "".join(sorted({self.mark(word) for word in words}))

    def seal(self, text: str, *, bound_to: str) -> bytes:
        """A text for a column, packed and closed under the vault's key."""
        packed = zlib.compress(text.encode(), level=6)
        return crypto.seal(vault_key=self.key, bound_to=bound_to.encode(), plain=packed)

    def unseal(self, sealed: bytes, *, bound_to: str) -> str:
        """What `seal` closed for the same row. Raises `TamperedError` for anything else."""
        packed = crypto.unseal(vault_key=self.key, bound_to=bound_to.encode(), sealed=sealed)
        return zlib.decompressobj().decompress(packed, _INFLATED_AT_MOST).decode()


def words_of_vault(vault: Vault) -> VaultWords:
    """Raises what `CLOSED` names: `VaultDestroyedError`, `TamperedError` for good, `MasterKeyMissingError` for now."""
    key = key_of(vault)
    return VaultWords(key, crypto.key_for_words(key))
