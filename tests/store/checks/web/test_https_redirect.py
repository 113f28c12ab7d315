"""STO-90."""

from __future__ import annotations

import pytest

from apps.store.checks.web.hsts import max_age
from apps.store.gateways.web.base import Reason, UnreachableError
from tests.store.checks.web.world import HOST, SITE, MemoryWeb, page, run, said

CLEAR = f"http://{HOST}/"
GOOD = "max-age=31536000; includeSubDomains"


def look(clear, *, hsts=GOOD):
    headers = {"strict-transport-security": hsts} if hsts else {}
    secure = page(f"{SITE}/", "<p>Bonjour</p>", headers=headers)
    return run("https_redirect", HOST, MemoryWeb(pages={CLEAR: clear, secure.url: secure}))


def redirect(status, location=f"{SITE}/"):
    return page(CLEAR, status=status, headers={"location": location})


@pytest.mark.parametrize("status", [301, 308])
def test_sto_90_a_permanent_redirect_and_hsts_pass(status):
    finding = look(redirect(status))

    assert said(finding) == ("pass", "")
    assert finding.measured == {"status": status, "max_age": 31_536_000}


def test_sto_90_a_page_in_clear_is_a_fact():
    assert said(look(page(CLEAR, "<p>Bonjour</p>"))) == ("fail", "http-serves")


@pytest.mark.parametrize("status", [302, 303, 307])
def test_sto_90_a_temporary_redirect_is_looked_at(status):
    assert said(look(redirect(status))) == ("flag", "http-temporary")


@pytest.mark.parametrize(
    "answer",
    [
        redirect(301, "http://www.bon.example/"), redirect(301, "/ailleurs"), redirect(301, ""), redirect(301, "//["),
        page(CLEAR, status=404), page(CLEAR, status=403), page(CLEAR, status=304),
    ],
)  # fmt: skip
def test_sto_90_what_does_not_lead_to_tls_is_looked_at(answer):
    assert said(look(answer)) == ("flag", "http-no-redirect")


def test_sto_90_a_closed_port_80_is_no_trouble_but_worth_a_look():
    for reason in (Reason.REFUSED, Reason.TIMEOUT):
        assert said(look(UnreachableError(reason))) == ("flag", "http-closed")
    with pytest.raises(UnreachableError):
        look(UnreachableError(Reason.BROKEN))
    with pytest.raises(UnreachableError, match="timeout"):
        run("https_redirect", HOST, MemoryWeb())


@pytest.mark.parametrize(
    ("hsts", "expected"),
    [
        ("max-age=15552000", ("pass", "")),
        ("max-age=15551999", ("flag", "hsts-short")),
        ("max-age=0", ("flag", "hsts-absent")),
        ("includeSubDomains", ("flag", "hsts-absent")),
        ("", ("flag", "hsts-absent")),
    ],
)
def test_sto_90_hsts_lasts_180_days_at_least(hsts, expected):
    assert said(look(redirect(301), hsts=hsts)) == expected


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=31536000", 31_536_000),
        ('Max-Age = "60" ; preload', 60),
        ("preload; max-age=60", 60),
        ("max-age=60, max-age=31536000", 60),
        ("max-age=-1", None),
        ("max-age=un", None),
        ("x-max-age=60", None),
        ("max-age=" + "9" * 40, None),
        ("", None),
    ],
)
def test_rfc_6797_directives(header, seconds):
    assert max_age(header) == seconds
