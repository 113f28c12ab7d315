"""HTTP calls to FranceConnect (IDN-20 to 26): discovery, keys, token, userinfo. Nothing is verified here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Any

import httpx
import structlog

from apps.accounts.gateways.base import (
    BadAnswerError,
    Call,
    CodeExchange,
    Metadata,
    RefusedError,
    Tokens,
    UnavailableError,
)

MAX_BYTES = 65_536
CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who asks: one client registered with one issuer."""

    issuer: str
    client_id: str
    client_secret: str
    total_seconds: float = TOTAL_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back with status 200."""

    body: bytes
    media_type: str


def discovery(*, client: Client) -> Metadata:
    """The provider's discovery document.

    Raises `UnavailableError`, `RefusedError`, `BadAnswerError` (also for a document of another issuer).
    """
    found = _object(_send(client, Call.DISCOVERY, f"{client.issuer}/.well-known/openid-configuration"), Call.DISCOVERY)
    if found.get("issuer") != client.issuer:
        raise BadAnswerError(Call.DISCOVERY)
    return Metadata(
        issuer=client.issuer,
        authorization_endpoint=_address(found, "authorization_endpoint", client),
        token_endpoint=_address(found, "token_endpoint", client),
        userinfo_endpoint=_address(found, "userinfo_endpoint", client),
        end_session_endpoint=_address(found, "end_session_endpoint", client),
        jwks_uri=_address(found, "jwks_uri", client),
        supports_pkce="S256" in (found.get("code_challenge_methods_supported") or ()),
        sends_issuer=found.get("authorization_response_iss_parameter_supported") is True,
    )


def published_keys(*, client: Client, metadata: Metadata) -> dict[str, Any]:
    """The provider's JWKS, as published. Raises the gateway's errors."""
    found = _object(_send(client, Call.KEYS, metadata.jwks_uri), Call.KEYS)
    if not isinstance(found.get("keys"), list):
        raise BadAnswerError(Call.KEYS)
    return found


def redeem(*, client: Client, metadata: Metadata, exchange: CodeExchange) -> Tokens:
    """Redeem a code (`client_secret_post`, IDN-24).

    Raises `RefusedError` (a code used before, a wrong secret), `UnavailableError`,
    `BadAnswerError`.
    """
    form = {
        "grant_type": "authorization_code",
        "code": exchange.code,
        "redirect_uri": exchange.redirect_uri,
        "client_id": client.client_id,
        "client_secret": client.client_secret,
    }
    if exchange.verifier:
        form["code_verifier"] = exchange.verifier
    found = _object(_send(client, Call.CODE, metadata.token_endpoint, form=form), Call.CODE)
    return Tokens(access_token=_text(found, "access_token", Call.CODE), id_token=_text(found, "id_token", Call.CODE))


def userinfo(*, client: Client, metadata: Metadata, access_token: str) -> str:
    """The signed userinfo, as a compact JWT: another media type is refused (IDN-23).

    Raises `BadAnswerError` for unsigned JSON, `UnavailableError`, `RefusedError`.
    """
    headers = {"Authorization": f"Bearer {access_token}"}
    answer = _send(client, Call.USERINFO, metadata.userinfo_endpoint, headers=headers)
    if answer.media_type != "application/jwt" or not answer.body.isascii():
        raise BadAnswerError(Call.USERINFO)
    return answer.body.decode("ascii").strip()


def _send(
    client: Client,
    call: Call,
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answered:
    started = monotonic()
    timeout = httpx.Timeout(client.total_seconds, connect=CONNECT_SECONDS)
    plain = {"Accept-Encoding": "identity", **(headers or {})}  # nothing small that grows
    try:
        with (
            httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as http,
            http.stream("POST" if form else "GET", address, data=form, headers=plain) as answer,
        ):
            body = _read(answer, call, until=started + client.total_seconds)
    except httpx.HTTPError as error:
        logger.warning("franceconnect.call", step=call.value, reason=type(error).__name__)
        raise UnavailableError(call) from error
    logger.info(
        "franceconnect.call",
        step=call.value,
        status=answer.status_code,
        duration_ms=int((monotonic() - started) * 1000),
    )
    _check_status(answer.status_code, call)
    return Answered(body=body, media_type=answer.headers.get("Content-Type", "").split(";")[0].strip())


def _read(answer: httpx.Response, call: Call, *, until: float) -> bytes:
    """The body, as it comes: neither longer than `MAX_BYTES` nor drop by drop beyond the time there is in all."""
    body = bytearray()
    for piece in answer.iter_raw():
        body += piece
        if len(body) > MAX_BYTES:
            raise BadAnswerError(call)
        if monotonic() > until:
            raise UnavailableError(call)
    return bytes(body)


def _check_status(status: int, call: Call) -> None:
    """A redirection is a refusal: neither the secret nor a token goes to an address that an answer names."""
    if status == HTTPStatus.OK:
        return
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        raise UnavailableError(call)
    raise RefusedError(call)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different: of two equal ones, two readers could believe one each."""
    if len({name for name, _ in pairs}) != len(pairs):
        msg = "a name stands there twice"
        raise ValueError(msg)
    return dict(pairs)


def _object(answer: Answered, call: Call) -> dict[str, Any]:
    try:
        found = json.loads(answer.body, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BadAnswerError(call) from error
    if not isinstance(found, dict):
        raise BadAnswerError(call)
    return found


def _text(found: Mapping[str, Any], name: str, call: Call) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise BadAnswerError(call)
    return value


def _address(found: Mapping[str, Any], name: str, client: Client) -> str:
    """An endpoint, never less protected than the issuer's own address."""
    value = _text(found, name, Call.DISCOVERY)
    if not value.startswith(("https://", f"{client.issuer}/")):
        raise BadAnswerError(Call.DISCOVERY)
    return value
