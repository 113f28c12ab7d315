"""Headers of security.md 4 on every answer, with the values of production (SEC-08, SEC-16, decisions 40)."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import pytest
import time_machine
from django.test import override_settings

from ens_portal.settings.parts import csp, security
from tests.access.matrix import MATRIX
from tests.access.test_matrix import PATTERNS, address
from tests.cast import Cast, Who, client_of, make_cast
from tests.harness.clock import NOON

# What demo.py takes away, as base.py has it; hosts and addresses of the outside world stay those of the tests.
ADDRESSES = {
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "PORTAL_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "METRICS_TOKEN",
}
PRODUCTION = {name: value for name, value in vars(security).items() if name.isupper() and name not in ADDRESSES} | {
    "CONTENT_SECURITY_POLICY": {
        "DIRECTIVES": {**csp.CONTENT_SECURITY_POLICY["DIRECTIVES"], "upgrade-insecure-requests": True}
    },
    "SECURE_PROXY_SSL_HEADER": None,
}
ALWAYS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), usb=(), payment=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
}
PUBLIC = frozenset(
    name
    for name in MATRIX
    if name.startswith(("journeys:about", "journeys:help", "journeys:legal"))
    or name in {"journeys:home", "journeys:site_map", "journeys:status"}
    or name in {"rollout:opposition_start", "rollout:opposition_other_ways"}
    or name in {"store:catalogue", "store:service", "store:service_grid"}
)
FORBIDDEN = ("Server", "X-Powered-By")


@pytest.fixture(autouse=True)
def _production() -> Iterator[None]:
    with override_settings(**PRODUCTION), time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def answers(cast: Cast, who: Who) -> Iterator[tuple[str, object]]:
    for name in MATRIX:
        yield name, client_of(cast.users.get(who)).get(address(name, who, cast), secure=True)


@pytest.mark.parametrize("who", [Who.VISITOR, Who.HOLDER, Who.OTHER_HOLDER])
def test_sec_08_the_fixed_headers_stand_on_every_answer(cast, who):
    for name, response in answers(cast, who):
        assert {header: response.headers.get(header) for header in ALWAYS} == ALWAYS, name
        assert not [header for header in FORBIDDEN if header in response.headers], name


@pytest.mark.parametrize("who", [Who.VISITOR, Who.HOLDER])
def test_sec_08_the_policy_lets_nothing_run_but_our_files(cast, who):
    for name, response in answers(cast, who):
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        if "sandbox" not in policy:  # contents people sent have a still stricter one
            assert "frame-ancestors 'none'" in policy, name
            assert "upgrade-insecure-requests" in policy, name


def test_sec_16_signed_in_answers_are_kept_nowhere(cast):
    for name, response in answers(cast, Who.HOLDER):
        assert response["Cache-Control"] == "no-store, private", name


def test_sec_16_only_public_pages_may_be_indexed(cast):
    for name, response in answers(cast, Who.VISITOR):
        indexed = response.headers["X-Robots-Tag"] == "all"
        assert indexed is (name in PUBLIC and response.status_code == HTTPStatus.OK), name


def test_sec_08_error_pages_have_them_too(client):
    for path in ("/inconnu/", "/e/x/"):
        response = client.get(path, secure=True)
        assert response.status_code == HTTPStatus.NOT_FOUND
        assert {header: response.headers.get(header) for header in ALWAYS} == ALWAYS


def test_plain_http_leads_to_tls(client, db):
    response = client.get("/aide/")

    assert (response.status_code, response["Location"]) == (HTTPStatus.MOVED_PERMANENTLY, "https://testserver/aide/")


def test_probes_answer_over_plain_http_on_the_inner_network(client, db):
    assert client.get("/-/vivant").status_code == HTTPStatus.OK


def test_sec_15_the_cookie_belongs_to_this_host_alone(client, db):
    response = client.get("/connexion/", secure=True)
    cookie = response.cookies["__Host-session"]

    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_every_address_is_walked():
    assert set(MATRIX) == set(PATTERNS)
