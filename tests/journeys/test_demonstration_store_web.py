"""Recorded sites answer as the guarded client would; plans name sites and criteria that there are."""

from __future__ import annotations

import pytest

from apps.journeys.demonstration.store_plans import comments, plan_of, plans
from apps.store.checks.web.ownership import PATH
from apps.store.checks.web.statement import read_statement
from apps.store.criteria import CURRENT, criteria_of
from apps.store.gateways.web.base import RefusedUrlError, TlsError
from apps.store.services import sheets
from simulators.candidate_site.sites import all_sites
from tests.harness.clock import NOON
from tests.journeys.store_sites import broken_site, recorded, site

PLAN = plan_of("tension")
HOME = PLAN.url("/")


@pytest.fixture
def web():
    return recorded(site(PLAN), at=NOON)


def test_every_plan_has_a_simulated_site_of_its_own():
    hosts = [plan.host for plan in plans()]
    assert len(set(hosts)) == len(hosts) == 6
    assert set(hosts) <= {one.host for one in all_sites(NOON.date())}


def test_every_criterion_has_words():
    assert set(comments()) == {criterion.code for criterion in criteria_of(CURRENT)}


@pytest.mark.parametrize("plan", plans(), ids=lambda plan: plan.key)
def test_pages_and_questionnaires_are_whole(plan):
    assert set(plan.sheet()) == set(sheets.CONTENTS)
    assert len(plan.sheet()["tagline"]) <= 80
    assert set(plan.orientation.values()) <= {"yes", "no"}


def test_pages_are_there_and_others_are_not(web):
    home = web.get(HOME)
    assert (home.status, home.media_type) == (200, "text/html")
    assert web.get(PLAN.url("/rien")).status == 404
    assert web.get(PLAN.url(PATH)).body == b"ens-portal-verification=jeton\n"


def test_legal_pages_can_be_gone():
    gone = recorded(site(PLAN, has_legal_pages=False), at=NOON)
    assert gone.get(PLAN.url("/cgu")).status == 404
    assert gone.get(HOME).status == 200


def test_the_statement_says_its_rate_and_day(web):
    said = read_statement(web.get(PLAN.url("/accessibilite")).body.decode(), today=NOON.date())
    assert (said.state, said.rate) == ("partiellement", 92.0)
    assert said.dated is not None
    assert (NOON.date() - said.dated).days == 60


def test_clear_text_leads_to_tls_and_is_asked_for_on_purpose_alone(web):
    page = web.get(HOME.replace("https", "http"), follow=False, plain=True)
    assert (page.status, page.headers["location"]) == (301, HOME)
    with pytest.raises(RefusedUrlError):
        web.get(HOME.replace("https", "http"))


def test_a_site_without_tls_serves_in_clear_alone():
    web = recorded(broken_site(PLAN), at=NOON)
    assert web.get(HOME.replace("https", "http"), plain=True).status == 200
    with pytest.raises(TlsError):
        web.get(HOME)
    with pytest.raises(TlsError):
        web.handshake(PLAN.host)


def test_certificates_hold_two_months(web):
    assert (web.handshake(PLAN.host).ends_at - NOON).days == 60
    assert web.texts("_ens-portal.service-demo.example") == ()


def test_other_names_are_nobodys(web):
    with pytest.raises(RefusedUrlError):
        web.get("https://autre.example/")
