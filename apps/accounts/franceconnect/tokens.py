"""Verification of the two JWTs of a sign-in: signature by an allow-list, then every claim (IDN-22, IDN-25, SEC-17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

from apps.accounts.franceconnect.encryption import is_encrypted, opened
from apps.accounts.franceconnect.faults import Fault, SignInRefusedError
from apps.accounts.franceconnect.metadata import signing_keys
from apps.accounts.levels import reaches

ALGORITHMS = ("ES256", "RS256")  # `none` and HS256 are not in it; PS256 is not offered (IDN-22)
ALGORITHMS_PLUS = ("ES256",)
CLOCK_SECONDS = 30
ISSUED_SECONDS = 300  # made for the code that was just redeemed; lives 60 s over there (IDN-26)
MAX_SUBJECT = 191  # room of allauth's column

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an honest id_token of this sign-in says; `fresh_since`: the person must have signed in there after it."""

    issuer: str
    client_id: str
    nonce: str
    acr: str
    at: datetime
    fresh_since: datetime | None = None


def claims_of(token: str) -> Claims:
    """Claims of a signed token; an unknown key or a bad signature asks once for fresh keys, then fails.

    From FranceConnect+ the signed token comes encrypted to our key, and never without (IDN-23).
    Raises `SignInRefusedError(SIGNATURE)`, `(ENCRYPTION)` and the gateway's errors.
    """
    token = opened(token)
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
    if expected.fresh_since is not None:
        _check_freshness(claims, since=expected.fresh_since, at=expected.at)


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


def authenticated_at(claims: Claims, *, at: datetime) -> datetime | None:
    """When the person signed in at the provider (`auth_time`), never later than `at`; None when it does not say so."""
    said = claims.get("auth_time")
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    return datetime.fromtimestamp(max(0, min(said, at.timestamp())), tz=UTC)


def _check_times(claims: Claims, at: datetime) -> None:
    ends, issued, now = claims.get("exp"), claims.get("iat"), at.timestamp()
    if not isinstance(ends, int | float) or not isinstance(issued, int | float):
        raise SignInRefusedError(Fault.CLAIMS)
    if isinstance(ends, bool) or isinstance(issued, bool) or now > ends + CLOCK_SECONDS:
        raise SignInRefusedError(Fault.EXPIRED)
    if issued > now + CLOCK_SECONDS or issued + ISSUED_SECONDS < now or ends < issued:
        raise SignInRefusedError(Fault.CLAIMS)
    begins = claims.get("nbf", issued)
    if not isinstance(begins, int | float) or begins > now + CLOCK_SECONDS:
        raise SignInRefusedError(Fault.CLAIMS)


def _check_freshness(claims: Claims, *, since: datetime, at: datetime) -> None:
    """A provider that lets an old sign-in pass, whatever it was asked, confirms nothing (S-10)."""
    signed_in = authenticated_at(claims, at=at)
    if signed_in is None or signed_in < since - timedelta(seconds=CLOCK_SECONDS):
        raise SignInRefusedError(Fault.STALE)


def _decoded(token: str, *, fresh: bool) -> Claims:
    allowed = ALGORITHMS_PLUS if is_encrypted() else ALGORITHMS
    return jwt.decode(token, signing_keys(fresh=fresh), algorithms=allowed).claims
