"""STO-97."""

from __future__ import annotations

import json

import pytest

from apps.store.gateways.web.base import Reason, RefusedUrlError, UnreachableError
from tests.store.checks.web.world import SITE, page, run, said, web_of

ISSUER = f"{SITE}/oidc"
OPENID, SMART = f"{ISSUER}/.well-known/openid-configuration", f"{ISSUER}/.well-known/smart-configuration"
JWKS = f"{ISSUER}/jwks"
KEYS = {"keys": [{"kty": "EC", "crv": "P-256", "x": "f83O", "y": "x_FE", "kid": "1"}]}


def document(**more):
    whole = {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": JWKS,
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256", "plain"],
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


def look(said_by_site, *, keys=KEYS, at=OPENID, issuer=ISSUER, **more):
    body = said_by_site if isinstance(said_by_site, str) else json.dumps(said_by_site)
    other = SMART if at == OPENID else OPENID
    pages = [page(other, status=404), page(at, body, **more)]
    if keys is not None:
        pages.append(page(JWKS, keys if isinstance(keys, str) else json.dumps(keys)))
    return run("openid", issuer, web_of(*pages))


def test_sto_97_a_consistent_issuer_passes():
    assert said(look(document())) == ("pass", "")


def test_sto_97_smart_is_read_where_there_is_no_openid():
    assert said(look(document(), at=SMART)) == ("pass", "")
    assert said(look(document(issuer=None), at=SMART)) == ("flag", "openid-missing")


@pytest.mark.parametrize("issuer", [f"{ISSUER}/a", "https://ailleurs.example", ISSUER.upper(), ""])
def test_sto_97_another_issuer_is_a_fact(issuer):
    assert said(look(document(issuer=issuer))) == ("fail", "openid-issuer")


def test_sto_97_another_issuer_of_smart_is_looked_at():
    assert said(look(document(issuer="https://id.carnet.example"), at=SMART)) == ("flag", "openid-issuer")


@pytest.mark.parametrize(("written", "found"), [(ISSUER, f"{ISSUER}/"), (f"{ISSUER}/", ISSUER)])
def test_sto_97_a_slash_at_the_end_is_no_other_issuer(written, found):
    assert said(look(document(issuer=found), issuer=written)) == ("pass", "")


def test_sto_97_no_document_is_a_fact():
    assert said(look("", status=404)) == ("fail", "openid-absent")
    assert said(look("", status=403)) == ("flag", "page-closed")


@pytest.mark.parametrize("body", ["", "<p>Bienvenue</p>", "[]", "null", "{" * 1000])
def test_sto_97_what_is_no_document_is_a_fact(body):
    assert said(look(body)) == ("fail", "openid-unreadable")


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "revocation_endpoint"])
@pytest.mark.parametrize("address", ["HTTP://bon.example/x", "ftp://bon.example/x", "//bon.example/x", "/x", ""])
def test_sto_97_an_address_that_is_not_https_is_a_fact(name, address):
    finding = look(document(**{name: address}))

    assert (said(finding), finding.measured["endpoints"]) == (("fail", "openid-clear"), [name])


@pytest.mark.parametrize(
    "more",
    [
        {"grant_types_supported": ["authorization_code", "implicit"]},
        {"response_types_supported": ["code", "id_token"]},
        {"response_types_supported": ["id_token token"]},
    ],
)
def test_sto_97_the_implicit_flow_is_looked_at(more):
    assert said(look(document(**more))) == ("flag", "openid-implicit")


def test_sto_97_hybrid_flows_use_a_code():
    assert said(look(document(response_types_supported=["code", "code id_token"]))) == ("pass", "")


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({"code_challenge_methods_supported": None}, ["S256"]),
        ({"code_challenge_methods_supported": ["plain"]}, ["S256"]),
        ({"code_challenge_methods_supported": "S256"}, ["S256"]),
        ({"token_endpoint": None}, ["token_endpoint"]),
        ({"authorization_endpoint": 3}, ["authorization_endpoint"]),
    ],
)
def test_sto_97_missing_parts_are_named(more, missing):
    finding = look(document(**more))

    assert (said(finding), finding.measured["missing"]) == (("flag", "openid-missing"), missing)


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": {}}, "<p>non</p>", "[]"])
def test_keys_that_cannot_be_read_are_looked_at(keys):
    assert said(look(document(), keys=keys)) == ("flag", "openid-keys")


@pytest.mark.parametrize("secret", [{"d": "jpsQ"}, {"kty": "oct", "k": "AyM1"}, {"p": "1", "q": "2"}])
def test_a_private_key_that_was_published_is_a_fact(secret):
    keys = {"keys": [*KEYS["keys"], secret]}

    assert said(look(document(), keys=keys)) == ("fail", "openid-private-key")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason.PORT, ("flag", "openid-keys")),
        (Reason.TOO_LONG, ("flag", "openid-keys")),
        (Reason.UNRESOLVED, ("flag", "openid-keys")),
        (Reason.NOT_PUBLIC, ("fail", "not-public")),
        (Reason.DOWNGRADE, ("fail", "downgrade")),
        (Reason.SCHEME, ("fail", "scheme")),
    ],
)
def test_sto_97_keys_where_our_guard_does_not_go_are_looked_at(reason, expected):
    web = web_of(page(OPENID, json.dumps(document())))
    web.pages[JWKS] = RefusedUrlError(reason)

    assert said(run("openid", ISSUER, web)) == expected


def test_keys_out_of_reach_are_asked_again():
    with pytest.raises(UnreachableError):
        look(document(), keys=None)


def test_huge_documents_are_looked_at():
    assert said(look(document(), is_cut=True)) == ("flag", "too-large")


def test_keys_that_were_cut_are_looked_at():
    pages = [page(OPENID, json.dumps(document())), page(JWKS, json.dumps(KEYS), is_cut=True)]

    assert said(run("openid", ISSUER, web_of(*pages))) == ("flag", "openid-keys")


def test_an_issuer_may_end_in_a_slash():
    issuer = f"{ISSUER}/"

    assert said(look(document(issuer=issuer), issuer=issuer)) == ("pass", "")
