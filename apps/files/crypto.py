"""Encryption of stored files: master key wraps vault keys, HKDF gives each file its own (architecture 3.11, decisions
42).

A file is a sequence of chunks of 64 KiB, each AES-256-GCM with a counter as nonce. Vault, file, chunk number and a
"last"
flag are associated data: a chunk cut off, swapped or moved to another file does not open. A file key is used for one
content only, so counters never repeat under one key.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK = 64 * 1024
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16


class TamperedError(Exception):
    """The bytes are not those that were stored under this key, vault and file."""


@dataclass(frozen=True, slots=True, repr=False)
class SecretKey:
    """Key material; its repr is empty so that it cannot reach a log or an error page (SEC-22)."""

    value: bytes

    def __repr__(self) -> str:
        return "SecretKey()"


def new_key() -> SecretKey:
    """Thirty-two random bytes."""
    return SecretKey(secrets.token_bytes(_KEY_BYTES))


def fingerprint(master: SecretKey) -> str:
    """Sixteen hexadecimal digits that tell one master key from another and nothing of its content."""
    return _derived(master, b"ens-master-key-fingerprint").value[:8].hex()


def seal(*, vault_key: SecretKey, bound_to: bytes, plain: bytes) -> bytes:
    """A small secret, closed under a key of its own owner; random nonce in front."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    key = _derived(vault_key, b"ens-secret" + bound_to)
    return nonce + AESGCM(key.value).encrypt(nonce, plain, bound_to)


def unseal(*, vault_key: SecretKey, bound_to: bytes, sealed: bytes) -> bytes:
    """The secret again. Raises `TamperedError` under another key, owner or content."""
    key = _derived(vault_key, b"ens-secret" + bound_to)
    try:
        return AESGCM(key.value).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:  # a nonce that was cut is a ValueError
        raise TamperedError from error


def key_for_words(vault_key: SecretKey) -> SecretKey:
    """The key that a vault's search index is made with (`apps.files.blind`); it opens nothing."""
    return _derived(vault_key, b"ens-words")


def _derived(key: SecretKey, info: bytes) -> SecretKey:
    return SecretKey(HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(key.value))


def wrap(*, master: SecretKey, vault_id: UUID, key: SecretKey) -> bytes:
    """The vault's key, closed with the master key; random nonce in front."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(master.value).encrypt(nonce, key.value, vault_id.bytes)


def unwrap(*, master: SecretKey, vault_id: UUID, wrapped: bytes) -> SecretKey:
    """The vault's key again. Raises `TamperedError` under another master key, vault or content."""
    try:
        return SecretKey(AESGCM(master.value).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], vault_id.bytes))
    except (InvalidTag, ValueError) as error:  # a nonce that was cut is a ValueError
        raise TamperedError(vault_id) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCipher:
    """Closes and opens one file of one vault."""

    vault_key: SecretKey
    vault_id: UUID
    file_id: UUID

    def encrypt(self, content: bytes) -> bytes:
        """All chunks, one behind the other; an empty content is one empty last chunk."""
        return b"".join(self._encrypted(content))

    def decrypt(self, stored: bytes) -> bytes:
        """The content. Raises `TamperedError`."""
        cipher = self._cipher()
        step = CHUNK + _TAG_BYTES
        count = max(1, -(-len(stored) // step))
        try:
            return b"".join(
                cipher.decrypt(_nonce(number), stored[number * step : (number + 1) * step], self._bound(number, count))
                for number in range(count)
            )
        except InvalidTag as error:
            raise TamperedError(self.file_id) from error

    def _encrypted(self, content: bytes) -> Iterator[bytes]:
        cipher = self._cipher()
        count = max(1, -(-len(content) // CHUNK))
        for number in range(count):
            part = content[number * CHUNK : (number + 1) * CHUNK]
            yield cipher.encrypt(_nonce(number), part, self._bound(number, count))

    def _cipher(self) -> AESGCM:
        return AESGCM(_derived(self.vault_key, b"ens-file" + self.file_id.bytes).value)

    def _bound(self, number: int, count: int) -> bytes:
        last = b"\x01" if number == count - 1 else b"\x00"
        return self.vault_id.bytes + self.file_id.bytes + number.to_bytes(8, "big") + last


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE_BYTES, "big")
