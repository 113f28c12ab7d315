"""The flow: where the browser goes, and what the provider's answer proves (code flow, IDN-24)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from apps.accounts.franceconnect import tokens
from apps.accounts.franceconnect.attempts import Attempt
from apps.accounts.franceconnect.faults import Fault, SignInRefusedError
from apps.accounts.franceconnect.metadata import client, provider_metadata
from apps.accounts.franceconnect.pivot import Pivot, pivot_of
from apps.accounts.gateways import franceconnect as gateway
from apps.accounts.gateways.base import BadAnswerError, CodeExchange, Metadata, RefusedError, UnavailableError

# No mail address: nothing is done with it (SPA-57).
SCOPES = "openid given_name family_name birthdate gender birthplace birthcountry"
ERRORS = {
    "access_denied": Fault.CANCELLED,
    "temporarily_unavailable": Fault.UNAVAILABLE,
    "server_error": Fault.UNAVAILABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What FranceConnect proves of the person at the browser; `id_token` is kept for the logout only (IDN-26).

    `authenticated_at`: when the person signed in over there, if it says so.
    """

    issuer: str
    subject: str
    level: str
    pivot: Pivot
    id_token: str
    authenticated_at: datetime | None = None


def authorization_url(attempt: Attempt) -> str:
    """Address of the provider for this attempt. Raises the gateway's errors when discovery fails."""
    metadata = provider_metadata()
    fields = {
        "response_type": "code",
        "client_id": client().client_id,
        "redirect_uri": _portal_url("accounts:fc_callback"),
        "scope": SCOPES,
        "acr_values": attempt.acr,
        "state": attempt.state,
        "nonce": attempt.nonce,
    }
    if metadata.supports_pkce:
        fields |= {"code_challenge": attempt.challenge, "code_challenge_method": "S256"}
    if attempt.confirms:
        fields |= {"prompt": "login", "max_age": "0"}  # not by the provider's own session, which may be old
    return f"{metadata.authorization_endpoint}?{urlencode(fields)}"


def finish(*, attempt: Attempt | None, answer: Mapping[str, str], at: datetime) -> Proof:
    """Turn the provider's redirection into a proof.

    `answer`: fields of the callback's address. `attempt`: already taken out of the session.
    Raises `SignInRefusedError` and nothing else.
    """
    try:
        return _proof(_checked(attempt, answer, at), answer, at)
    except UnavailableError as error:
        raise SignInRefusedError(Fault.UNAVAILABLE) from error
    except RefusedError as error:
        raise SignInRefusedError(Fault.REFUSED) from error
    except BadAnswerError as error:
        raise SignInRefusedError(Fault.BAD_ANSWER) from error


def logout_url(id_token: str) -> str:
    """Address that ends the session at the provider (IDN-18). Raises the gateway's errors when discovery fails."""
    fields = {
        "id_token_hint": id_token,
        "state": secrets.token_urlsafe(32),  # asked by the provider; the page it leads to trusts nothing
        "post_logout_redirect_uri": _portal_url("accounts:signed_out"),
    }
    return f"{provider_metadata().end_session_endpoint}?{urlencode(fields)}"


def _checked(attempt: Attempt | None, answer: Mapping[str, str], at: datetime) -> Attempt:
    """State first: before it matches, nothing of the answer is believed, errors included."""
    if attempt is None or not secrets.compare_digest(attempt.state.encode(), answer.get("state", "").encode()):
        raise SignInRefusedError(Fault.STATE)
    if attempt.is_over(at):
        raise SignInRefusedError(Fault.EXPIRED)
    return attempt


def _proof(attempt: Attempt, answer: Mapping[str, str], at: datetime) -> Proof:
    metadata = provider_metadata()
    _check_issuer(metadata, answer)
    if "error" in answer or not answer.get("code"):
        raise SignInRefusedError(ERRORS.get(answer.get("error", ""), Fault.REFUSED))
    exchange = CodeExchange(
        code=answer["code"],
        redirect_uri=_portal_url("accounts:fc_callback"),
        verifier=attempt.verifier if metadata.supports_pkce else "",
    )
    received = gateway.redeem(client=client(), metadata=metadata, exchange=exchange)
    expected = tokens.Expected(
        issuer=metadata.issuer,
        client_id=client().client_id,
        nonce=attempt.nonce,
        acr=attempt.acr,
        at=at,
        fresh_since=attempt.began if attempt.confirms else None,
    )
    identity = tokens.claims_of(received.id_token)
    tokens.check_id_token(identity, expected)
    answered = gateway.userinfo(client=client(), metadata=metadata, access_token=received.access_token)
    traits = tokens.claims_of(answered)
    tokens.check_userinfo(traits, subject=identity["sub"], expected=expected)
    return Proof(
        issuer=metadata.issuer,
        subject=identity["sub"],
        level=identity["acr"],
        pivot=pivot_of(traits),
        id_token=received.id_token,
        authenticated_at=tokens.authenticated_at(identity, at=at),
    )


def _check_issuer(metadata: Metadata, answer: Mapping[str, str]) -> None:
    """Defence against mix-up (RFC 9207): `iss` must be there when announced, and be ours whenever it is there."""
    named = answer.get("iss")
    if (named is None and metadata.sends_issuer) or (named is not None and named != metadata.issuer):
        raise SignInRefusedError(Fault.OTHER_ISSUER)


def _portal_url(name: str) -> str:
    """Registered with the provider, hence built from the setting and never from the request's host."""
    return f"{settings.PORTAL_URL}{reverse(name)}"
