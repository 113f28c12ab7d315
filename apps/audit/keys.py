"""Keys of the seals: one a year, made from a secret that the database never sees (SEC-13)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class SealKey:
    """Key material; its repr is empty so that it cannot reach a log or an error page (SEC-22)."""

    value: bytes

    def __repr__(self) -> str:
        return "SealKey()"


@lru_cache(maxsize=64)
def _derived(secret: str, version: int) -> SealKey:
    info = f"ens-portal audit seal {version}".encode()
    return SealKey(HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=info).derive(secret.encode()))


def sealing_key(version: int) -> SealKey:
    """The key of the year `version`, from the secret in force."""
    return _derived(settings.AUDIT_KEY, version)


def known_keys(version: int) -> list[SealKey]:
    """Keys of that year, the one in force first, then that of the former secret while there is one."""
    return [_derived(secret, version) for secret in (settings.AUDIT_KEY, settings.AUDIT_KEY_FORMER) if secret]
