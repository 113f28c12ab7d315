"""Discovery document and keys of the provider, cached between sign-ins."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from apps.accounts.gateways import franceconnect as gateway
from apps.accounts.gateways.base import BadAnswerError, Call, Metadata
from apps.common import caching

SECONDS = 3600
KINDS = ("EC", "RSA")  # a symmetric key in a public list would let anybody sign


def client() -> gateway.Client:
    """The client of the settings (`FRANCECONNECT`)."""
    values = settings.FRANCECONNECT
    return gateway.Client(
        issuer=values["issuer"],
        client_id=values["client_id"],
        client_secret=values["client_secret"],
        total_seconds=float(values.get("timeout_seconds", gateway.TOTAL_SECONDS)),
    )


def provider_metadata() -> Metadata:
    """The discovery document, at most an hour old. Raises the gateway's errors."""
    key = f"franceconnect:discovery:{client().issuer}"
    found = caching.recall(key)
    if found is None:
        found = asdict(gateway.discovery(client=client()))
        caching.keep(key, found, seconds=SECONDS)
    return Metadata(**found)


def signing_keys(*, fresh: bool = False) -> KeySet:
    """The provider's public keys; `fresh` asks for them again (IDN-22). Raises the gateway's errors."""
    key = f"franceconnect:jwks:{client().issuer}"
    found = None if fresh else caching.recall(key)
    if found is None:
        found = gateway.published_keys(client=client(), metadata=provider_metadata())
        caching.keep(key, found, seconds=SECONDS)
    try:
        return KeySet.import_key_set({"keys": [item for item in found["keys"] if item.get("kty") in KINDS]})
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise BadAnswerError(Call.KEYS) from error
