"""ER-01: while the database is in the way people read « Service interrompu » (503), not that we are at fault (500)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tests.harness.client import PortalClient
from tests.ui.busy_urls import LOCK

pytestmark = [pytest.mark.urls("tests.ui.busy_urls"), pytest.mark.django_db]


@pytest.fixture
def client() -> PortalClient:
    made = PortalClient()
    made.raise_request_exception = False
    return made


@pytest.fixture
def somebody_holds_the_lock() -> Iterator[None]:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])  # closing lets go a moment later
    other.close()


@pytest.mark.usefixtures("somebody_holds_the_lock")
@pytest.mark.parametrize("trouble", ["slow", "locked", "unreachable", "broken"])
def test_er_01_a_database_in_the_way_is_a_503_with_its_page(client, trouble):
    response = client.get(f"/{trouble}/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    shown = response.content.decode()
    assert "<title>Erreur 503 – Service interrompu – Espace santé</title>" in shown
    assert "pg_" not in shown


def test_er_01_a_fault_of_ours_stays_a_500(client):
    response = client.get("/wrong/")

    assert response.status_code == 500
    assert "Retry-After" not in response.headers


def without_connection(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], None]:
    """A middleware that finds no connection, as that of sessions does."""

    def answer(request: HttpRequest) -> None:
        msg = "the connection is closed"
        raise OperationalError(msg)

    return answer


def test_er_01_a_middleware_without_connection_is_a_503_too(client, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:4], f"{__name__}.without_connection", *settings.MIDDLEWARE[4:]]

    response = client.get("/wrong/")

    assert response.status_code == 503
    assert "Service interrompu" in response.content.decode()
