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
from apps.files.crypto import SecretKey
from apps.files.keys import key_of
from apps.files.models import Vault

MARK = 6  # characters of 6 bits: by chance, one look in two million into 6,000 words finds what is not there
_INFLATED_AT_MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class WordMarks:
    """Marks of words under the key of one vault."""

    key: SecretKey

    def mark(self, word: str) -> str:
        """`MARK` characters of `A-Za-z0-9-_`, always the same for this word in this vault."""
        return base64.urlsafe_b64encode(hmac.digest(self.key.value, word.encode(), "sha256"))[:MARK].decode()

    def index(self, words: Iterable[str]) -> str:
        """All marks in a row, in an order that tells nothing of the text. A mark stands in it or does not."""
        return "".join(sorted({self.mark(word) for word in words}))


def word_marks(vault: Vault) -> WordMarks:
    """Raises `VaultDestroyedError`, `MasterKeyMissingError`, `TamperedError`."""
    return WordMarks(crypto.key_for_words(key_of(vault)))


def seal_text(*, vault: Vault, bound_to: str, text: str) -> bytes:
    """A text for a column, packed and closed under the vault's key. Raises as `word_marks`."""
    packed = zlib.compress(text.encode(), level=6)
    return crypto.seal(vault_key=key_of(vault), bound_to=bound_to.encode(), plain=packed)


def unseal_text(*, vault: Vault, bound_to: str, sealed: bytes) -> str:
    """What `seal_text` closed for the same vault and row. Raises as `word_marks`."""
    packed = crypto.unseal(vault_key=key_of(vault), bound_to=bound_to.encode(), sealed=sealed)
    return zlib.decompressobj().decompress(packed, _INFLATED_AT_MOST).decode()
