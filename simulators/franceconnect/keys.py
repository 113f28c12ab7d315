"""Signing keys of the provider: the one in use, those still published, and forged ones for hostile answers."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

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


def signed(claims: dict[str, Any], key: ECKey) -> str:
    """The honest way: ES256 under the kid of the key."""
    return jwt.encode({"alg": "ES256", "kid": str(key.kid)}, claims, key, algorithms=["ES256"])


def signed_by_secret(claims: dict[str, Any], secret: str) -> str:
    """HS256 with a secret that the client knows: never to be believed."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret), algorithms=["HS256"])


def unsigned(claims: dict[str, Any]) -> str:
    """Algorithm « none »: never to be believed."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def forged(claims: dict[str, Any], kid: str) -> str:
    """Signed by a key nobody published, under the kid given."""
    return signed(claims, new_key(kid))
