"""STO-91."""

from __future__ import annotations

import pytest

from apps.store.checks.web.policies import missing
from tests.store.checks.web.world import SITE, page, run, said, web_of

GOOD = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
}


def without(name, **instead):
    return {key: value for key, value in GOOD.items() if key != name} | instead


def csp(text):
    return missing(GOOD | {"content-security-policy": text})


def test_sto_91_all_four_pass():
    assert said(run("headers", SITE, web_of(page(SITE, headers=GOOD)))) == ("pass", "")


def test_sto_91_never_fails_and_names_what_is_missing():
    finding = run("headers", SITE, web_of(page(SITE)))

    assert said(finding) == ("flag", "headers-missing")
    assert finding.measured["missing"] == [
        "content-security-policy", "frame-ancestors", "x-content-type-options", "referrer-policy",
    ]  # fmt: skip


def test_sto_91_headers_of_an_error_page_are_those_of_nobody():
    finding = run("headers", SITE, web_of(page(SITE, status=404, headers=GOOD)))

    assert (said(finding), finding.measured) == (("flag", "page-not-found"), {"status": 404})


@pytest.mark.parametrize(
    "policy",
    [
        "script-src 'self'",
        "script-src 'none'",
        "default-src 'none'; script-src 'self' https://static.bon.example",
        "script-src 'unsafe-inline' 'nonce-abc'",
        "script-src 'unsafe-inline' 'strict-dynamic' https:",
        "default-src 'unsafe-inline'; script-src 'self'",
        "script-src 'unsafe-inline'; script-src-elem 'self'",
        "style-src 'unsafe-inline'; default-src 'self'",
        "default-src 'unsafe-inline', default-src 'self'",
    ],
)
def test_policies_that_limit_scripts(policy):
    assert "script-src" not in csp(policy)


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'unsafe-inline'",
        "script-src 'self' 'unsafe-inline'",
        "SCRIPT-SRC 'SELF' 'UNSAFE-INLINE'",
        "script-src *",
        "script-src https:",
        "script-src data: 'self'",
        "img-src 'self'",
        "default-src 'self'; script-src 'unsafe-inline'; script-src 'self'",
    ],
)
def test_policies_that_let_scripts_in(policy):
    assert "script-src" in csp(policy)


@pytest.mark.parametrize(
    ("headers", "absent"),
    [
        (without("x-content-type-options"), ["x-content-type-options"]),
        (without("x-content-type-options", **{"x-content-type-options": "sniff"}), ["x-content-type-options"]),
        (without("x-content-type-options", **{"x-content-type-options": " NoSniff "}), []),
        (without("referrer-policy"), ["referrer-policy"]),
        (without("referrer-policy", **{"referrer-policy": "unsafe-url"}), ["referrer-policy"]),
        (without("referrer-policy", **{"referrer-policy": "no-referrer, unsafe-url"}), ["referrer-policy"]),
        (without("referrer-policy", **{"referrer-policy": "unsafe-url, no-referrer"}), []),
        (without("referrer-policy", **{"referrer-policy": "no-referrer, inconnue"}), []),
    ],
)
def test_other_headers(headers, absent):
    assert missing(headers) == absent


@pytest.mark.parametrize("policy", ["", ";", ",", " ; , ;"])
def test_an_empty_policy_forbids_nothing(policy):
    assert "frame-ancestors" in csp(policy)
