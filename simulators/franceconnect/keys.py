"""Signing keys of the provider: the one in use, those still published, and forged ones for hostile answers."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwe
from joserfc.jwk import ECKey

PUBLISHED = 2  # the key in use and the one before, as at a rotation


class Keys:
    """ES256 keys (IDN-22); `rotate` puts a new one in use under a new kid."""

    def __init__(self) -> None:
        self._keys: list[ECKey] = []
        self.rotate()

    @property
    def current(self) -> ECKey:
        return self._keys[0]

    def rotate(self) -> str:
        key = new_key(f"fc-{secrets.token_hex(4)}")
        self._keys = [key, *self._keys][:PUBLISHED]
        return str(key.kid)

    def forget_old(self) -> None:
        self._keys = self._keys[:1]

    def published(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self._keys]}

    def known(self, kid: str) -> ECKey | None:
        return next((key for key in self._keys if key.kid == kid), None)


def new_key(kid: str) -> ECKey:
    """A key pair of its own, published or not."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


def read(text: str) -> ECKey:
    """A public key of the configuration, a JWK."""
    return ECKey.import_key(json.loads(text))


def signed(claims: dict[str, Any], key: ECKey, more: dict[str, Any] | None = None) -> str:
    """The honest way: ES256 under the kid of the key; `more` goes into the header."""
    return signed_bytes(json.dumps(claims).encode(), key, more)


def signed_bytes(payload: bytes, key: ECKey, more: dict[str, Any] | None = None) -> str:
    """Any content with an honest signature, in a header that may be none: the library would refuse to write it."""
    header = {"alg": "ES256", "kid": str(key.kid), **(more or {})}
    said = f"{_part(json.dumps(header).encode())}.{_part(payload)}"
    return f"{said}.{_part(_es256(said.encode(), key))}"


def with_own_key(claims: dict[str, Any]) -> str:
    """Signed by a key nobody published, which the header brings along."""
    key = new_key("own")
    return signed(claims, key, {"jwk": key.as_dict(private=False)})


def public_text(key: ECKey) -> str:
    """The public key as PEM: what a forger would take for a shared secret."""
    return key.as_pem(private=False).decode()


def encrypted(token: str, key: ECKey, content: str) -> str:
    """The token in a compact JWE."""
    header = {"alg": "ECDH-ES", "enc": content, "kid": str(key.kid), "cty": "JWT"}
    return jwe.encrypt_compact(header, token.encode(), key, algorithms=["ECDH-ES", content])


def signed_by_secret(claims: dict[str, Any], secret: str) -> str:
    """HS256 with a secret that the client knows, or with the public key itself: never to be believed."""
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    said = ".".join(_part(json.dumps(part).encode()) for part in parts)
    return f"{said}.{_part(hmac.digest(secret.encode(), said.encode(), 'sha256'))}"


def unsigned(claims: dict[str, Any]) -> str:
    """Algorithm « none »: never to be believed."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(_part(json.dumps(part).encode()) for part in parts) + "."


def forged(claims: dict[str, Any], kid: str) -> str:
    """Signed by a key nobody published, under the kid given."""
    return signed(claims, new_key(kid))


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _es256(said: bytes, key: ECKey) -> bytes:
    """RFC 7518, 3.4: r and s, 32 bytes each."""
    if key.private_key is None:
        raise TypeError(key)
    r, s = decode_dss_signature(key.private_key.sign(said, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
