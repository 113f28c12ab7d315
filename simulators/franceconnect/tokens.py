"""Tokens of the provider: what an honest answer says, and each way of lying in it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from simulators.franceconnect import keys
from simulators.franceconnect.behaviours import Behaviour
from simulators.franceconnect.config import Config
from simulators.franceconnect.memory import Grant

Claims = dict[str, Any]
ID_TOKEN_SECONDS = 60  # IDN-26
OTHER_ISSUER = "https://autre-fournisseur.example/api/v2"

# FranceConnect's aliases of scopes (IDN-27)
ALIASES = {
    "birth": ("birthdate", "birthplace", "birthcountry"),
    "profile": ("given_name", "given_name_array", "family_name", "birthdate", "gender"),
    "identite_pivot": (
        "given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace", "birthcountry",
    ),
    "given_name": ("given_name", "given_name_array"),
}  # fmt: skip

LIES: dict[Behaviour, Callable[[Claims], Claims]] = {
    Behaviour.WRONG_NONCE: lambda claims: {**claims, "nonce": secrets.token_urlsafe(24)},
    Behaviour.EXPIRED: lambda claims: {**claims, "iat": claims["iat"] - 3660, "exp": claims["iat"] - 3600},
    Behaviour.FROM_THE_FUTURE: lambda claims: {**claims, "iat": claims["iat"] + 3600, "exp": claims["exp"] + 3600},
    Behaviour.WRONG_ISSUER: lambda claims: {**claims, "iss": OTHER_ISSUER},
    Behaviour.WRONG_AUDIENCE: lambda claims: {**claims, "aud": "another-client"},
    Behaviour.WRONG_PARTY: lambda claims: {
        **claims, "aud": [claims["aud"], "another-client"], "azp": "another-client",
    },
    Behaviour.LOWER_ACR: lambda claims: {**claims, "acr": lower_level(claims["acr"])},
    Behaviour.NO_ACR: lambda claims: {name: value for name, value in claims.items() if name != "acr"},
    Behaviour.OLD_LOGIN: lambda claims: {**claims, "auth_time": claims["auth_time"] - 3600},
    Behaviour.NO_LOGIN_TIME: lambda claims: {name: value for name, value in claims.items() if name != "auth_time"},
}  # fmt: skip


def lower_level(acr: str) -> str:
    """One step down; below the lowest there is a level that nobody knows."""
    return {"eidas3": "eidas2", "eidas2": "eidas1"}.get(acr, "eidas0")


def id_token(grant: Grant, config: Config, signer: keys.Keys, now: int) -> str:
    """The id_token of a grant; `now` in seconds since 1970."""
    claims: Claims = {
        "iss": config.issuer,
        "aud": config.client_id,
        "sub": grant.person.sub,
        "iat": now,
        "auth_time": now,
        "exp": now + ID_TOKEN_SECONDS,
        "nonce": grant.start.nonce,
        "acr": grant.start.acr,
    }
    lie = LIES.get(grant.behaviour)
    claims = lie(claims) if lie else claims
    match grant.behaviour:
        case Behaviour.ALG_NONE:
            return keys.unsigned(claims)
        case Behaviour.ALG_HS256:
            return keys.signed_by_secret(claims, config.client_secret)
        case Behaviour.UNKNOWN_KEY:
            return keys.forged(claims, "a-key-nobody-published")
        case Behaviour.BAD_SIGNATURE:
            return keys.forged(claims, str(signer.current.kid))
        case _:
            return keys.signed(claims, signer.current)


def userinfo_claims(grant: Grant, config: Config) -> Claims:
    """Traits of the person, cut to the scopes that were asked."""
    traits = grant.person.traits()
    if grant.behaviour is Behaviour.SPARSE:
        traits |= {"given_name": "", "given_name_array": [], "birthdate": "1952-06-00"}
        traits.pop("email", None)
    if grant.behaviour is Behaviour.NO_BIRTH_DATE:
        traits["birthdate"] = ""
    asked = {claim for scope in grant.start.scopes for claim in ALIASES.get(scope, (scope,))}
    claims: Claims = {name: value for name, value in traits.items() if name in asked}
    claims |= {"sub": grant.person.sub, "iss": config.issuer, "aud": config.client_id}
    if grant.behaviour is Behaviour.OTHER_SUBJECT:
        claims["sub"] = "f" * 64 + "v1"
    if grant.behaviour is Behaviour.USERINFO_OTHER_AUDIENCE:
        claims["aud"] = "another-client"
    return claims


def userinfo_jwt(claims: Claims, grant: Grant, config: Config, signer: keys.Keys) -> str:
    """The claims as `application/jwt`."""
    match grant.behaviour:
        case Behaviour.USERINFO_ALG_NONE:
            return keys.unsigned(claims)
        case Behaviour.USERINFO_HS256:
            return keys.signed_by_secret(claims, config.client_secret)
        case _:
            return keys.signed(claims, signer.current)
