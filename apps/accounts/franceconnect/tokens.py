"""Verification of the two JWTs of a sign-in: signature by an allow-list, then every claim (IDN-22, IDN-25, SEC-17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

from apps.accounts.franceconnect.faults import Fault, SignInRefusedError
from apps.accounts.franceconnect.metadata import signing_keys
from apps.accounts.levels import reaches

ALGORITHMS = ("ES256", "RS256")  # `none` and HS256 are not in it; PS256 is not offered (IDN-22)
CLOCK_SECONDS = 30
MAX_SUBJECT = 191  # room of allauth's column

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an honest id_token of this sign-in says."""

    issuer: str
    client_id: str
    nonce: str
    acr: str
    at: datetime


def claims_of(token: str) -> Claims:
    """Claims of a signed token; an unknown key or a bad signature asks once for fresh keys, then fails.

    Raises `SignInRefusedError(SIGNATURE)` and the gateway's errors.
    """
    try:
        return _decoded(token, fresh=False)
    except (BadSignatureError, InvalidKeyIdError):
        pass
    except (JoseError, ValueError) as error:
        raise SignInRefusedError(Fault.SIGNATURE) from error
    try:
        return _decoded(token, fresh=True)
    except (JoseError, ValueError) as error:
        raise SignInRefusedError(Fault.SIGNATURE) from error


def check_id_token(claims: Claims, expected: Expected) -> None:
    """Issuer, audience, party, times, nonce, subject, level. Raises `SignInRefusedError`."""
    check_origin(claims, issuer=expected.issuer, client_id=expected.client_id)
    _check_times(claims, expected.at)
    if claims.get("nonce") != expected.nonce:
        raise SignInRefusedError(Fault.NONCE)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT:
        raise SignInRefusedError(Fault.SUBJECT)
    if not reaches(str(claims.get("acr", "")), expected.acr):
        raise SignInRefusedError(Fault.LEVEL)


def check_origin(claims: Claims, *, issuer: str, client_id: str) -> None:
    """`iss`, `aud` and `azp`: several audiences need `azp`, and it must be us. Raises `SignInRefusedError(CLAIMS)`."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    is_ours = client_id in audiences and (party == client_id or (party is None and len(audiences) == 1))
    if claims.get("iss") != issuer or not is_ours:
        raise SignInRefusedError(Fault.CLAIMS)


def check_userinfo(claims: Claims, *, subject: str, expected: Expected) -> None:
    """Same person and same origin as the id_token. Raises `SignInRefusedError`."""
    check_origin(claims, issuer=expected.issuer, client_id=expected.client_id)
    if claims.get("sub") != subject:
        raise SignInRefusedError(Fault.SUBJECT)


def _check_times(claims: Claims, at: datetime) -> None:
    ends, issued, now = claims.get("exp"), claims.get("iat"), at.timestamp()
    if not isinstance(ends, int | float) or not isinstance(issued, int | float):
        raise SignInRefusedError(Fault.CLAIMS)
    if now > ends + CLOCK_SECONDS:
        raise SignInRefusedError(Fault.EXPIRED)
    if issued > now + CLOCK_SECONDS:
        raise SignInRefusedError(Fault.CLAIMS)


def _decoded(token: str, *, fresh: bool) -> Claims:
    return jwt.decode(token, signing_keys(fresh=fresh), algorithms=ALGORITHMS).claims
