"""Who asks: the client's secret, the verifier of its code, its own id_token as a hint."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets

from joserfc import jws
from joserfc.errors import JoseError

from simulators.franceconnect.config import Config
from simulators.franceconnect.keys import Keys
from simulators.franceconnect.memory import Grant
from simulators.franceconnect.web import Request


def is_client(request: Request, config: Config) -> bool:
    """`client_secret_post` (IDN-24)."""
    sent = request.fields.get("client_secret", "").encode()
    same_secret = secrets.compare_digest(sent, config.client_secret.encode())
    return same_secret and request.fields.get("client_id") == config.client_id


def holds_verifier(grant: Grant, request: Request) -> bool:
    """Same redirect address, and the verifier of the challenge when one was sent (PKCE, S256)."""
    if request.fields.get("grant_type") != "authorization_code":
        return False
    if request.fields.get("redirect_uri") != grant.start.redirect_uri:
        return False
    if not grant.start.code_challenge:
        return True
    digest = hashlib.sha256(request.fields.get("code_verifier", "").encode()).digest()
    return grant.start.code_challenge == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_own_token(token: str, keys: Keys, config: Config) -> bool:
    """Signature and audience; an id_token_hint may be expired."""
    try:
        found = jws.extract_compact(token.encode())
        key = keys.known(str(found.headers().get("kid")))
        if key is None or not jws.validate_compact(found, key, algorithms=["ES256"]):
            return False
        return bool(json.loads(found.payload)["aud"] == config.client_id)
    except (JoseError, ValueError, KeyError):
        return False
