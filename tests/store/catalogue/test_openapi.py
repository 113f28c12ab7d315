"""The description of the open data, and that every answer fits it; asked in memory, without a network."""

from __future__ import annotations

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ens_portal.wsgi import application
from tests.store.catalogue.shelf import put

pytestmark = pytest.mark.django_db
SCHEMA = "/services/openapi.json"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def one_connection():
    """As Django's test client does: requests leave the connection of the test open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described(one_connection, settings):
    settings.LIMITS = {**settings.LIMITS, "open_data_address": (100_000, 60)}
    put("Mesurna", accessibility_rate=95)
    put("Muet", tagline="=1+1")
    return schemathesis.openapi.from_wsgi(SCHEMA, application)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", ["/services/catalogue.json", "/services/catalogue.csv"])
def test_no_500_and_every_answer_fits_the_schema(described, path, mode):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=described[path]["GET"].as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(checks=CHECKS)

    ask()


@pytest.mark.parametrize(
    "asked", ["version=a%0Ab", "version=é%00", "version=9.9", "lang=a%0Ab", "lang=en", "lang=%00", "format=xml"]
)
def test_sec_32_whoever_asks_changes_nothing_of_the_description(client, asked):
    plain, answer = client.get(SCHEMA), client.get(f"{SCHEMA}?{asked}")

    assert (answer.status_code, answer.content) == (200, plain.content)
    assert answer["Content-Disposition"] == plain["Content-Disposition"]
    assert json.loads(answer.content)["info"]["version"] == "1.0.0"


def test_both_addresses_are_described_and_no_other(client):
    told = json.loads(client.get(SCHEMA).content)
    assert set(told["paths"]) == {"/services/catalogue.json", "/services/catalogue.csv"}
    assert told["info"]["title"] == "Catalogue des services référencés"
    parameters = told["paths"]["/services/catalogue.json"]["get"]["parameters"]
    assert {one["name"] for one in parameters} == {"apres", "nombre"}
    assert set(told["paths"]["/services/catalogue.json"]["get"]["responses"]) == {"200", "400", "429"}


def test_states_of_the_description_are_those_of_the_public(client):
    told = json.loads(client.get(SCHEMA).content)
    states = json.dumps(told["components"]["schemas"])
    for state in ("reference", "suspendu", "retrait_programme", "retire", "expire"):
        assert f'"{state}"' in states
    assert "mise_en_demeure" not in states
