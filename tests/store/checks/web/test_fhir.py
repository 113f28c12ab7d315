"""STO-96."""

from __future__ import annotations

import json

import pytest

from simulators.candidate_site.interfaces import capabilities
from tests.store.checks.web.world import SITE, page, run, said, web_of

BASE = f"{SITE}/fhir"
METADATA = f"{BASE}/metadata"
JSON = {"content-type": "application/fhir+json"}


def look(body, *, resources=("Observation",), target=BASE, headers=JSON, **more):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    answers = {"CRI_INT_05": {"url": target, "resources": list(resources)}}
    return run("fhir", target, web_of(page(METADATA, text, headers=headers, **more)), **answers)


def test_sto_96_r4_with_the_declared_resources_passes():
    finding = look(capabilities())

    assert said(finding) == ("pass", "")
    assert finding.measured == {"version": "4.0.1", "resources": 1}


def test_a_slash_at_the_end_does_not_matter():
    assert said(look(capabilities(), target=f"{BASE}/")) == ("pass", "")


def test_sto_96_a_declared_resource_that_is_missing_is_looked_at():
    finding = look(capabilities(), resources=("Observation", "Appointment"))

    assert (said(finding), finding.measured["missing"]) == (("flag", "fhir-resources"), ["Appointment"])


def test_sto_96_a_resource_that_nobody_can_read_is_looked_at():
    finding = look(capabilities(reads=False))

    assert (said(finding), finding.measured["missing"]) == (("flag", "fhir-interactions"), ["Observation"])


def test_what_a_client_does_is_not_what_a_server_offers():
    said_by_client = capabilities(rest=[{"mode": "client", "resource": [{"type": "Observation"}]}])

    assert said(look(said_by_client)) == ("flag", "fhir-resources")
    assert said(look(said_by_client, resources=())) == ("pass", "")


@pytest.mark.parametrize("version", ["5.0.0", "3.0.2", "4.3.0", "", None])
def test_sto_96_another_version_is_a_fact(version):
    assert said(look(capabilities(version=version))) == ("fail", "fhir-version")


@pytest.mark.parametrize(
    "body", ["<p>Bienvenue</p>", "", "[]", "{", '{"resourceType":"Patient"}', "{}", '{"a":' * 5_000, "NaN"]
)
def test_sto_96_what_is_not_fhir_is_a_fact(body):
    assert said(look(body)) == ("fail", "fhir-not-fhir")


@pytest.mark.parametrize(
    "more",
    [
        {"rest": "tout"}, {"rest": [{"mode": "server", "resource": [{"type": 3}]}]}, {"status": "nouveau", "kind": 7},
        {"inconnu": 1}, {"date": "hier"}, {"rest": [[[]]]}, {"format": {"a": 1}}, {"text": {"status": "x"}},
    ],
)  # fmt: skip
def test_a_statement_against_the_model_is_looked_at(more):
    assert said(look(capabilities(**more))) == ("flag", "fhir-invalid")


def test_xml_and_huge_statements_are_looked_at():
    xml = {"content-type": "application/fhir+xml"}

    assert said(look("<CapabilityStatement/>", headers=xml)) == ("flag", "fhir-xml")
    assert said(look('{"a":1', is_cut=True)) == ("flag", "too-large")


def test_sto_110_a_statement_of_too_many_values_is_never_given_to_the_model(monkeypatch):
    monkeypatch.setattr("apps.store.checks.web.fhir.CapabilityStatement", None)

    assert said(look(capabilities(rest=[{}] * 60_000))) == ("flag", "too-large")


@pytest.mark.parametrize(("status", "expected"), [(404, ("fail", "fhir-absent")), (401, ("flag", "page-closed"))])
def test_no_answer(status, expected):
    assert said(look("", status=status)) == expected
