"""Health addresses: what they look at and what they keep to themselves."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from apps.common import health

LIVE, READY = "/-/vivant", "/-/pret"


@pytest.fixture(autouse=True)
def asked_for_the_first_time():
    """A process keeps the good news about migrations; each test starts like a new process."""
    health.require_migrations.cache_clear()
    yield
    health.require_migrations.cache_clear()


def test_addresses_are_those_that_the_operator_knows():
    assert reverse("common:live") == LIVE
    assert reverse("common:ready") == READY


def test_the_live_page_looks_at_nothing(client):
    """No database mark on this test: a query would be an error."""
    response = client.get(LIVE)
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_when_database_broker_and_migrations_are_there(client):
    response = client.get(READY)
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_without_broker_and_the_answer_says_no_more(client, settings):
    settings.BROKER_URL = "unix:///nonexistent/valkey.sock?db=0"
    response = client.get(READY)
    assert (response.status_code, response.content) == (503, b"unavailable")


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_due(client):
    latest = MigrationLoader(connection).graph.leaf_nodes("audit")[0]
    MigrationRecorder(connection).record_unapplied(*latest)
    response = client.get(READY)
    assert (response.status_code, response.content) == (503, b"unavailable")
    with pytest.raises(health.NotReadyError) as missing:
        health.require_ready()
    assert missing.value.part is health.Part.MIGRATIONS


@pytest.mark.django_db
def test_the_state_of_migrations_is_asked_once_for_a_process(django_assert_num_queries):
    health.require_ready()
    with django_assert_num_queries(1):
        health.require_ready()


@pytest.mark.parametrize("address", [LIVE, READY])
def test_reading_only(client, address):
    assert client.post(address).status_code == 405
