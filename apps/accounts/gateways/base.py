"""Words shared by the gateways of this app."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Call(StrEnum):
    """A call to an identity provider, named in errors and logs."""

    DISCOVERY = "discovery"
    KEYS = "jwks"
    CODE = "token"
    USERINFO = "userinfo"


class GatewayError(Exception):
    """An outside system gave no usable answer; carries the call, never a body (SEC-22)."""

    def __init__(self, call: Call) -> None:
        super().__init__(call.value)
        self.call = call


class UnavailableError(GatewayError):
    """Not reached, too slow, or broken on its side: may be tried again."""


class RefusedError(GatewayError):
    """It answered and said no."""


class BadAnswerError(GatewayError):
    """It answered something that breaks its own protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a discovery document says (IDN-21: read, never written into code)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    end_session_endpoint: str
    jwks_uri: str
    supports_pkce: bool
    sends_issuer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeExchange:
    """A code to redeem; `verifier` is empty without PKCE."""

    code: str
    redirect_uri: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Answer of the token endpoint; both are opaque here."""

    access_token: str
    id_token: str
