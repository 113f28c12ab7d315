"""STO-97: what an OpenID or SMART issuer says of itself."""

from __future__ import annotations

from apps.store.checks.base import Finding, Subject
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.web import targets
from apps.store.checks.web.contract import ABSENT, Asked, WebCheck, is_found, kind_of, settled
from apps.store.checks.web.json_reading import UnreadableJsonError, read_object
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Page, RefusedUrlError, Web
from apps.store.gateways.web.base import Reason as Refused

OPENID, SMART = "/.well-known/openid-configuration", "/.well-known/smart-configuration"
ENDPOINTS = (
    "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "introspection_endpoint",
    "revocation_endpoint", "end_session_endpoint", "registration_endpoint",
)  # fmt: skip
REQUIRED = ("authorization_endpoint", "token_endpoint")
_FACTS = frozenset({Refused.SCHEME, Refused.DOWNGRADE, Refused.NOT_PUBLIC})  # of the address of the keys
_SECRETS = frozenset({"d", "p", "q", "k"})  # parts of a key that nobody but its owner may have (RFC 7518, 6)


class OpenidCheck(WebCheck):
    """`fail`: no such document, another issuer, an address in clear, a private key that was published."""

    code = "openid"
    rule = "STO-97"
    criterion = "CRI-INT-07"
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.answers(subject, ("CRI-INT-07", "url"))

    def look(self, asked: Asked) -> Finding:
        page, path = _document(asked.target, asked.web)
        if page.status in ABSENT:
            return failed(Reason.OPENID_ABSENT, status=page.status)
        if not is_found(page):
            return flagged(Reason.PAGE_CLOSED, status=page.status)
        if page.is_cut:
            return flagged(Reason.TOO_LARGE)
        try:
            said = read_object(page.body)
        except UnreadableJsonError:
            return failed(Reason.OPENID_UNREADABLE, media_type=kind_of(page))
        return _other_issuer(asked.target, said, path) or _facts(said, asked.web) or _doubts(said)


def _document(issuer: str, web: Web) -> tuple[Page, str]:
    """The document, and the path at which it was found."""
    first = settled(web.get(issuer.rstrip("/") + OPENID))
    if first.status not in ABSENT:
        return first, OPENID
    return settled(web.get(issuer.rstrip("/") + SMART)), SMART


def _other_issuer(target: str, said: dict[str, object], path: str) -> Finding | None:
    """Of SMART for a person to look at: it stands below the base of a FHIR server, whose issuer is often another."""
    issuer = said.get("issuer")
    if not isinstance(issuer, str) or issuer.rstrip("/") == target.rstrip("/"):
        return None
    return failed(Reason.OPENID_ISSUER) if path == OPENID else flagged(Reason.OPENID_ISSUER)


def _facts(said: dict[str, object], web: Web) -> Finding | None:
    addresses = {name: address for name in ENDPOINTS if isinstance(address := said.get(name), str)}
    clear = [name for name, address in addresses.items() if not address.lower().startswith("https://")]
    if clear:
        return failed(Reason.OPENID_CLEAR, endpoints=clear)
    return _keys(said.get("jwks_uri"), web)


def _keys(address: object, web: Web) -> Finding | None:
    if not isinstance(address, str):
        return None
    try:
        page = settled(web.get(address))
    except RefusedUrlError as error:
        if error.reason in _FACTS:
            raise
        return flagged(Reason.OPENID_KEYS)  # that our guard does not go there is no fault of theirs
    try:
        keys = read_object(page.body).get("keys") if is_found(page) and not page.is_cut else None
    except UnreadableJsonError:
        keys = None
    if not isinstance(keys, list) or not keys:
        return flagged(Reason.OPENID_KEYS, status=page.status)
    if any(isinstance(key, dict) and _SECRETS & key.keys() for key in keys):
        return failed(Reason.OPENID_PRIVATE_KEY, keys=len(keys))
    return None


def _doubts(said: dict[str, object]) -> Finding:
    implicit = "implicit" in targets.list_of(said.get("grant_types_supported")) or any(
        "code" not in kind.split() for kind in targets.list_of(said.get("response_types_supported"))
    )
    if implicit:
        return flagged(Reason.OPENID_IMPLICIT)
    missing = [name for name in (*REQUIRED, "issuer", "jwks_uri") if not isinstance(said.get(name), str)]
    if "S256" not in targets.list_of(said.get("code_challenge_methods_supported")):
        missing.append("S256")
    return flagged(Reason.OPENID_MISSING, missing=missing) if missing else passed()
