"""What every check that asks the web does with addresses that nobody may ask, and with sites in trouble."""

from __future__ import annotations

import dataclasses

import pytest

from apps.store.checks.base import Check, Outcome
from apps.store.checks.web import CHECKS_WEB
from apps.store.gateways.web.base import Reason, RefusedUrlError, TlsError, UnreachableError, Visit, WebError
from tests.store.checks.web.world import HOST, SITE, MemoryBrowser, MemoryWeb, page, run, said

HOSTS = ("tls", "https_redirect", "security_txt")
VISITS = ("trackers", "axe")
PAGES = ("headers", "legal_links", "accessibility", "fhir", "openid")
REFUSALS = (
    Reason.SCHEME, Reason.PORT, Reason.USERINFO, Reason.HOST, Reason.TOO_LONG, Reason.MALFORMED, Reason.NOT_PUBLIC,
    Reason.UNRESOLVED, Reason.DOWNGRADE,
)  # fmt: skip
OUR_LIMITS = (Reason.TOO_MANY_REDIRECTS, Reason.BAD_REDIRECT)
BAD_CERTIFICATES = (Reason.EXPIRED, Reason.WRONG_HOST, Reason.UNTRUSTED, Reason.NO_TLS)


class Everywhere(dict):
    """The same answer at every address."""

    def __init__(self, answer):
        self.answer = answer

    def get(self, key, default=None):
        return self.answer


def run_anywhere(code, answer):
    everywhere = Everywhere(answer)
    web = MemoryWeb(pages=everywhere, handshakes=everywhere)
    return run(code, HOST if code in HOSTS else f"{SITE}/page", web, browser=MemoryBrowser(answer))


def test_codes_are_those_of_the_contract():
    assert list(CHECKS_WEB) == [
        "tls", "https_redirect", "headers", "security_txt", "trackers", "legal_links", "accessibility", "axe", "fhir",
        "openid", "ownership",
    ]  # fmt: skip
    for code, check in CHECKS_WEB.items():
        assert isinstance(check, Check)
        assert (check.code, check.version) == (code, 1)
        assert check.rule.startswith("STO-")
        assert check.criterion.startswith("CRI-")


@pytest.mark.parametrize("code", [*HOSTS, *PAGES, *VISITS])
@pytest.mark.parametrize("reason", REFUSALS)
def test_s30_a_refused_address_is_a_fact(code, reason):
    assert said(run_anywhere(code, RefusedUrlError(reason))) == ("fail", reason)


@pytest.mark.parametrize("code", [*PAGES, *VISITS, "security_txt"])
@pytest.mark.parametrize("reason", OUR_LIMITS)
def test_l16_where_our_limits_are_at_their_end_a_person_looks(code, reason):
    assert said(run_anywhere(code, RefusedUrlError(reason))) == ("flag", reason)


@pytest.mark.parametrize("code", ["https_redirect", "security_txt", *PAGES, *VISITS])
@pytest.mark.parametrize("reason", BAD_CERTIFICATES)
def test_a_bad_certificate_is_for_a_person_where_something_else_is_asked(code, reason):
    assert said(run_anywhere(code, TlsError(reason))) == ("flag", reason)


@pytest.mark.parametrize("code", [*HOSTS, *PAGES, *VISITS])
def test_l22_network_trouble_is_never_the_candidates_fault(code):
    for reason in (Reason.TIMEOUT, Reason.BROKEN, Reason.DNS):
        with pytest.raises(UnreachableError) as trouble:
            run_anywhere(code, UnreachableError(reason))
        assert trouble.value.reason == reason


@pytest.mark.parametrize("code", ["https_redirect", "security_txt", *PAGES])
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_l22_a_site_in_trouble_is_asked_again(code, status):
    with pytest.raises(WebError) as trouble:
        run_anywhere(code, page(SITE, status=status))
    assert (trouble.value.reason, trouble.value.detail) == ("server-error", str(status))


@pytest.mark.parametrize("code", VISITS)
@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_l22_a_page_in_trouble_says_nothing_about_the_service(code, status):
    with pytest.raises(WebError, match="server-error"):
        run_anywhere(code, Visit(url=SITE, status=status, requests=("www.google-analytics.com",)))


@pytest.mark.parametrize("code", ["headers", *VISITS])
@pytest.mark.parametrize(("status", "reason"), [(404, "page-not-found"), (403, "page-closed"), (401, "page-closed")])
def test_sto_93_sto_95_a_page_of_error_is_not_the_page(code, status, reason):
    answer = page(SITE, status=status) if code == "headers" else Visit(url=SITE, status=status)

    assert said(run_anywhere(code, answer)) == ("flag", reason)


@pytest.mark.parametrize("code", VISITS)
def test_without_a_browser_nothing_is_run_and_it_says_so(code):
    assert said(run(code, SITE)) == ("skipped", "no-browser")


@pytest.mark.parametrize("target", ["bon.example/a", "bon.example@ailleurs", "bon.example:22", "", "bon e", "#"])
@pytest.mark.parametrize("code", HOSTS)
def test_sto_110_a_host_cannot_change_the_address_around_it(code, target):
    web = MemoryWeb()

    assert said(run(code, target, web)) == ("fail", "host")
    assert web.asked == []


@pytest.mark.parametrize("code", ["headers", "security_txt", "legal_links", "accessibility", "fhir", "openid"])
def test_sto_114_nothing_of_a_page_stands_in_a_finding(code):
    secret = "cle-interne-que-personne-ne-doit-lire"
    body = f"<p>{secret}</p>" * 3
    for media_type in ("text/html", "application/json", "text/plain", "application/pdf", "image/png"):
        answer = page(SITE, body, headers={"content-type": media_type})

        finding = run_anywhere(code, answer)

        assert finding.outcome in set(Outcome)
        assert secret not in str(dataclasses.asdict(finding))
