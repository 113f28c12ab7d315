"""Each check on each site of the simulator, over real sockets by the guarded client (docs/domain/store_checks.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from time import time

import pytest

from apps.store.checks.base import Subject, Tools
from apps.store.checks.web import CHECKS_WEB
from apps.store.gateways.web.base import WebError
from apps.store.gateways.web.browser import find_browser
from apps.store.gateways.web.client import GuardedWeb, public_trust
from apps.store.gateways.web.deadlines import Limits
from apps.store.gateways.web.demonstration import DemonstrationConnector, DemonstrationResolver, Sites
from simulators.candidate_site.config import Config
from simulators.candidate_site.names import DEMONSTRATION_TOKEN
from simulators.candidate_site.running import served
from tests.shared_material import needs_shared, shared
from tests.store.checks.web import candidate_table
from tests.store.checks.web.candidate_table import ALL, BROWSER, BY_BROWSER, GOOD, WITHOUT_BROWSER, Case

NOW = datetime.fromtimestamp(time(), tz=UTC)
LIMITS = Limits(connect=1, total=1.5)
REFUSALS = {"scheme", "not-public", "userinfo", "port", "downgrade"}


class RecordingConnector(DemonstrationConnector):
    """Which addresses were connected to."""

    connected: set[str] = set()

    def connect(self, address, port, *, seconds):
        self.connected.add(str(address))
        return super().connect(address, port, seconds=seconds)


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    folder = tmp_path_factory.mktemp("candidate")
    config = Config(secure=0, clear=0, folder=folder / "certificates", names=folder / "names.json")
    with served(config, at=NOW) as servers:
        servers.secure.world.proofs.put(GOOD, DEMONSTRATION_TOKEN)
        sites = Sites(path=Path(config.names))
        trust = public_trust()
        trust.load_verify_locations(cafile=sites.authority)
        yield GuardedWeb(
            resolver=DemonstrationResolver(sites=sites), connector=RecordingConnector(sites=sites), trust=trust,
            limits=LIMITS,
        )  # fmt: skip


def found(case: Case, tools: Tools) -> tuple[str, str]:
    """Outcome and reason, as the job of the checks takes them."""
    subject = Subject(
        at=NOW, siren="732829320", siret="73282932000074", finess="", publisher="Tension et Compagnie", emails={},
        answers=case.answers, token=DEMONSTRATION_TOKEN,
    )  # fmt: skip
    try:
        finding = CHECKS_WEB[case.code].run(target=case.target, subject=subject, tools=tools)
    except WebError as error:
        return "error", error.reason
    return finding.outcome.value, finding.reason


@pytest.mark.parametrize("case", WITHOUT_BROWSER, ids=lambda case: f"{case.code}-{case.target}")
def test_sto_113_each_check_says_what_is_written(case, web):
    assert found(case, Tools(web=web)) == (case.outcome, case.reason)


@pytest.mark.e2e
@pytest.mark.parametrize("case", BROWSER, ids=lambda case: f"{case.code}-{case.target}")
def test_sto_93_sto_95_pages_in_a_real_browser(case, web):
    patient = GuardedWeb(resolver=web._door.resolver, connector=web._door.connector, trust=web._trust)

    assert found(case, Tools(web=patient, browser=find_browser(web=patient))) == (case.outcome, case.reason)


def test_sto_111_nothing_but_the_sites_was_ever_connected(web):
    for case in WITHOUT_BROWSER:
        if case.outcome == "fail":
            found(case, Tools(web=web))

    assert RecordingConnector.connected
    assert all(address.startswith("192.31.196.") for address in RecordingConnector.connected)


@needs_shared
@pytest.mark.parametrize("code", ["headers", "legal_links", "accessibility", "fhir", "openid"])
def test_s30_addresses_that_lead_the_checker_inside(code, web):
    """Every line of the case in every field that holds an address."""
    lines = shared("cases/store/S30-urls.txt").read_text(encoding="utf-8").splitlines()
    urls = [line.partition("#")[0].strip() for line in lines if not line.startswith("#")]
    assert len(urls) == 10
    before = set(RecordingConnector.connected)

    for url in urls:
        outcome, reason = found(Case(code=code, target=url, outcome="fail"), Tools(web=web))
        leads_astray = "redirige.example.test" in url and code in {"fhir", "openid"}  # those ask below the address
        assert outcome == "fail"
        assert reason in (
            {f"{code}-absent"} if leads_astray else {"scheme", "not-public", "userinfo", "port", "downgrade"}
        )

    assert all(address.startswith("192.31.196.") for address in RecordingConnector.connected - before)


def test_the_document_has_the_same_table():
    assert candidate_table.written() == candidate_table.table(), "python -m tests.store.checks.web.candidate_table"


@pytest.mark.parametrize("code", CHECKS_WEB)
def test_every_check_has_a_line_of_each_outcome(code):
    outcomes = {case.outcome for case in ALL if case.code == code}

    assert outcomes >= {"pass", "fail", "error", "flag"}


def test_no_line_stands_twice():
    keys = [json.dumps([case.code, case.target, case.answers]) for case in ALL]

    assert len(set(keys)) == len(keys)
    assert {case.code for case in BROWSER} == set(BY_BROWSER)
