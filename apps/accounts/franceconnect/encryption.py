"""Tokens that FranceConnect+ encrypts to our key (IDN-23): opened by the key of the settings, which is published."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from apps.accounts.franceconnect.faults import Fault, SignInRefusedError

ALGORITHMS = ("ECDH-ES", "RSA-OAEP", "RSA-OAEP-256", "A256GCM")
KINDS: dict[str, type[ECKey | RSAKey]] = {"EC": ECKey, "RSA": RSAKey}


def is_encrypted() -> bool:
    """Whether the provider of the settings encrypts: then nothing that comes in clear is believed."""
    return bool(settings.FRANCECONNECT.get("decryption_key"))


def opened(token: str) -> str:
    """The signed token inside an encrypted one; the token itself when the provider does not encrypt.

    Raises `SignInRefusedError(ENCRYPTION)`.
    """
    if not is_encrypted():
        return token
    try:
        found = jwe.decrypt_compact(token, _key(), algorithms=list(ALGORITHMS))
        return (found.plaintext or b"").decode("ascii")
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignInRefusedError(Fault.ENCRYPTION) from error


def published() -> dict[str, Any]:
    """Our public key as a JWKS, empty when the provider does not encrypt."""
    return {"keys": [_key().as_dict(private=False)] if is_encrypted() else []}


def _key() -> ECKey | RSAKey:
    values = json.loads(settings.FRANCECONNECT["decryption_key"])
    return KINDS[values["kty"]].import_key(values)
