"""Tokens of the provider: what an honest answer says, and each way of lying in it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from joserfc.jwk import ECKey

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


def without(claims: Claims, name: str) -> Claims:
    """The claims but one."""
    return {key: value for key, value in claims.items() if key != name}


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
    Behaviour.NO_ACR: lambda claims: without(claims, "acr"),
    Behaviour.UNKNOWN_ACR: lambda claims: {**claims, "acr": "eidas9"},
    Behaviour.ACR_LIST: lambda claims: {**claims, "acr": ["eidas1", "eidas3"]},
    Behaviour.MANY_AUDIENCES: lambda claims: {**claims, "aud": [claims["aud"], "another-client"]},
    Behaviour.NO_EXPIRY: lambda claims: without(claims, "exp"),
    Behaviour.NO_ISSUED: lambda claims: without(claims, "iat"),
    Behaviour.ISSUED_LONG_AGO: lambda claims: {**claims, "iat": claims["iat"] - 3600},
    Behaviour.NOT_YET_VALID: lambda claims: {**claims, "nbf": claims["iat"] + 3600},
    Behaviour.NO_NONCE: lambda claims: without(claims, "nonce"),
    Behaviour.NO_SUBJECT: lambda claims: without(claims, "sub"),
    Behaviour.LONG_SUBJECT: lambda claims: {**claims, "sub": "s" * 300},
    Behaviour.NUMBER_SUBJECT: lambda claims: {**claims, "sub": 12},
    Behaviour.OLD_LOGIN: lambda claims: {**claims, "auth_time": claims["auth_time"] - 3600},
    Behaviour.NO_LOGIN_TIME: lambda claims: without(claims, "auth_time"),
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
    sign = SIGNATURES.get(grant.behaviour, keys.signed)
    if grant.behaviour is Behaviour.ALG_HS256:
        return encrypted(keys.signed_by_secret(claims, config.client_secret), grant.behaviour, config)
    return encrypted(sign(claims, signer.current), grant.behaviour, config)


SIGNATURES: dict[Behaviour, Callable[[Claims, ECKey], str]] = {
    Behaviour.ALG_NONE: lambda claims, _: keys.unsigned(claims),
    Behaviour.NONE_IN_ENCRYPTED: lambda claims, _: keys.unsigned(claims),
    Behaviour.ALG_HS256_PUBLIC: lambda claims, key: keys.signed_by_secret(claims, keys.public_text(key)),
    Behaviour.UNKNOWN_KEY: lambda claims, _: keys.forged(claims, "a-key-nobody-published"),
    Behaviour.BAD_SIGNATURE: lambda claims, key: keys.forged(claims, str(key.kid)),
    Behaviour.EMBEDDED_KEY: lambda claims, _: keys.with_own_key(claims),
    Behaviour.CRITICAL_HEADER: lambda claims, key: keys.signed(claims, key, {"crit": ["ens"], "ens": True}),
    Behaviour.CUT_SHORT: lambda claims, key: keys.signed(claims, key)[:-20],
    Behaviour.NO_JWT: lambda _, __: "é.{}.\u0000",
    Behaviour.CLAIMS_ARE_A_LIST: lambda _, key: keys.signed_bytes(b'["sub"]', key),
}


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
    match grant.behaviour:
        case Behaviour.OTHER_SUBJECT:
            claims["sub"] = "f" * 64 + "v1"
        case Behaviour.USERINFO_NO_SUBJECT:
            del claims["sub"]
        case Behaviour.USERINFO_OTHER_AUDIENCE:
            claims["aud"] = "another-client"
        case Behaviour.USERINFO_OTHER_ISSUER:
            claims["iss"] = OTHER_ISSUER
    return claims


def userinfo_jwt(claims: Claims, grant: Grant, config: Config, signer: keys.Keys) -> str:
    """The claims as `application/jwt`."""
    match grant.behaviour:
        case Behaviour.USERINFO_ALG_NONE:
            made = keys.unsigned(claims)
        case Behaviour.USERINFO_HS256:
            made = keys.signed_by_secret(claims, config.client_secret)
        case Behaviour.USERINFO_UNKNOWN_KEY:
            made = keys.forged(claims, "a-key-nobody-published")
        case _:
            made = keys.signed(claims, signer.current)
    return encrypted(made, Behaviour.HONEST, config)


def encrypted(token: str, behaviour: Behaviour, config: Config) -> str:
    """The token in a JWE for the portal's key, as FranceConnect+ does; as it is without such a key (IDN-23)."""
    if not config.encryption_key or behaviour is Behaviour.IN_CLEAR:
        return token
    key = ECKey.generate_key("P-256") if behaviour is Behaviour.OTHER_RECIPIENT else keys.read(config.encryption_key)
    content = "A128CBC-HS256" if behaviour is Behaviour.WEAK_ENCRYPTION else "A256GCM"
    return keys.encrypted(token, key, content)
