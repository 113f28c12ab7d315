"""Whatever a site answers, a check finds something or the site is asked again; nothing else ever comes out."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from apps.store.checks.base import Finding, Outcome
from apps.store.checks.web import CHECKS_WEB
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Page, Visit, WebError
from apps.store.gateways.web.base import Reason as Unreached
from simulators.candidate_site.interfaces import capabilities
from tests.store.checks.web.world import HOST, SITE, MemoryBrowser, MemoryWeb, run, subject

KNOWN = {"", *map(str, Reason), *map(str, Unreached)}
CODES = ("https_redirect", "security_txt", "headers", "legal_links", "accessibility", "fhir", "openid")
TYPES = st.sampled_from(
    [
        "text/html",
        "text/html; charset=utf-7",
        "text/plain",
        "application/json",
        "application/fhir+json",
        "x",
        "",
        "\x00",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["4.0.1", "server", SITE, "code"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [*capabilities(), "issuer", "jwks_uri", "token_endpoint", "authorization_endpoint", "keys",
     "grant_types_supported", "response_types_supported", "code_challenge_methods_supported"]
)  # fmt: skip
CHANGED = st.dictionaries(NAMES, VALUES, max_size=4).map(lambda more: json.dumps({**capabilities(), **more}).encode())
BODIES = (
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    | CHANGED
    | st.lists(st.sampled_from(["Contact:", "Expires: ", "2026-12-31T00:00:00Z", "\n", "mailto:a@b.fr", "-- "])).map(
        lambda parts: "".join(parts).encode()
    )
    | st.lists(st.sampled_from(["est ", "non ", "conforme ", "75 %", " RGAA ", "1er mai 2025", "<p>", "</"])).map(
        lambda parts: "".join(parts).encode()
    )
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["location", "strict-transport-security", "content-security-policy", "referrer-policy", "x-frame-options"]
    ),
    st.text(max_size=60) | st.sampled_from(["https://bon.example/", "max-age=1", "default-src 'self'", "//["]),
)
HOSTS = st.text(max_size=30) | st.sampled_from(["www.google-analytics.com", "a.bon.example", "[", "//["])


@st.composite
def pages(draw):
    return Page(
        url=draw(st.sampled_from([f"{SITE}/", f"{SITE}/x", "https://www.ailleurs.example/?a=%5B"])),
        status=draw(st.sampled_from([200, 200, 200, 204, 301, 404, 403, 503, 999, 0])),
        headers={**draw(HEADERS), "content-type": draw(TYPES)},
        body=draw(BODIES),
        is_cut=draw(st.booleans()),
    )


class Everywhere(dict):
    def __init__(self, answer):
        self.answer = answer

    def get(self, key, default=None):
        return self.answer


def is_well_made(finding):
    facts = [*finding.measured.values(), *finding.evidence.values()]
    return (
        isinstance(finding, Finding)
        and finding.outcome in set(Outcome)
        and finding.reason in KNOWN
        and (finding.reason == "") == (finding.outcome is Outcome.PASS)
        and all(isinstance(fact, str | int | float | list) or fact is None for fact in facts)
        and len(json.dumps(facts)) < 10_000
    )


@given(pages(), st.sampled_from(CODES))
def test_l22_any_page(answer, code):
    target = HOST if code in {"https_redirect", "security_txt"} else f"{SITE}/x"
    answers = {"CRI_INT_05": {"resources": ["Observation"]}, "CRI_ACC_01": {"rate": 75}}
    try:
        finding = run(code, target, MemoryWeb(pages=Everywhere(answer)), **answers)
    except WebError as error:
        reason = error.reason
    else:
        reason = finding.reason
        assert is_well_made(finding)
    assert reason in KNOWN


@given(
    st.lists(
        st.text(max_size=30) | st.sampled_from(["www.google-analytics.com", "a.bon.example", "[", "//["]), max_size=6
    ),
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20) | st.just("_ga")), max_size=4),
    st.dictionaries(st.text(max_size=20), st.integers(1, 99), max_size=4),
)
def test_any_visit(hosts, cookies, violations):
    visit = Visit(url=SITE, requests=tuple(hosts), refused=tuple(hosts), cookies=tuple(cookies), violations=violations)

    for code in ("trackers", "axe"):
        assert is_well_made(run(code, SITE, browser=MemoryBrowser(visit)))


@given(st.dictionaries(st.sampled_from(["url", "host", "hosts", "uris", "web_url"]), VALUES))
def test_any_answer_has_targets_or_none(answer):
    dossier = subject(**dict.fromkeys(("CRI_ELI_02", "CRI_INT_02", "CRI_SEC_01", "CRI_SEC_04", "CRI_FIC_04"), answer))

    for code in ("tls", "security_txt", "ownership"):
        assert all(isinstance(target, str) and target for target in CHECKS_WEB[code].targets(dossier))
