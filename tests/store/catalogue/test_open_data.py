"""STO-87, SEC-31, SEC-32: the catalogue as JSON and CSV, with stable ids, states and dates."""

from __future__ import annotations

import csv
import io
import json

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.store.states import ListingStatus, Queue
from tests.harness.clock import NOON
from tests.store.catalogue.shelf import put

pytestmark = pytest.mark.django_db
JSON, CSV = "/services/catalogue.json", "/services/catalogue.csv"
WAITS = {"queue": Queue.DELEGATE, "due_at": NOON, "waits_since": NOON}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def data_of(answer) -> dict:
    return json.loads(answer.content)


def table_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_sto_87_one_service_in_full(client):
    shown = put("Mesurna", publisher="Tensia SAS", accessibility_rate=95, exchange="read")
    answer = client.get(JSON)
    assert data_of(answer) == {
        "suite": "",
        "services": [
            {
                "id": str(shown.pk), "nom": "Mesurna", "editeur": "Tensia SAS", "siren": shown.publisher.siren,
                "etat": "reference", "etat_depuis": "2026-10-26", "reference_le": "2026-10-26",
                "dernier_controle_le": "2026-10-26", "effet_le": None, "page": "/services/mesurna/",
                "accroche": "Noter ses crises et préparer sa consultation.", "besoins": ["maladie_chronique"],
                "publics": ["adulte"], "langues": ["fr"], "plateformes": ["web"], "prix": "gratuit",
                "accessibilite": 95, "hebergement_pays": "FR", "hebergeur": "Rive Cloud", "dispositif_medical": "",
                "echange": "read", "referentiel": "2026-1",
            }
        ],
    }  # fmt: skip
    assert answer["Content-Type"] == "application/json"


def test_sto_87_suspended_withdrawn_and_expired_stay_with_their_dates(client):
    put("A", status=ListingStatus.SUSPENDED, listing=WAITS)
    put("B", status=ListingStatus.WITHDRAWN, listing={"ended_at": NOON, "effect_on": NOON.date()})
    put("C", status=ListingStatus.EXPIRED)
    put("D", status=ListingStatus.AUDIT, listing={**WAITS, "queue": Queue.ASSESSOR, "status_at": NOON})
    rows = [(row["nom"], row["etat"], row["effet_le"]) for row in data_of(client.get(JSON))["services"]]
    assert sorted(rows) == [
        ("A", "suspendu", None), ("B", "retire", "2026-11-25"), ("C", "expire", None), ("D", "reference", None)
    ]  # fmt: skip


def test_an_audit_moves_no_public_date(client):
    put("D", status=ListingStatus.AUDIT, listing={**WAITS, "queue": Queue.ASSESSOR, "status_at": NOON})
    assert data_of(client.get(JSON))["services"][0]["etat_depuis"] == "2026-10-26"


class TestPages:
    def test_sec_32_by_key_until_there_are_no_more(self, client):
        ids = sorted(str(put(f"Service {number}").pk) for number in range(5))
        seen, url = [], f"{JSON}?nombre=2"
        while url:
            page = data_of(client.get(url))
            seen += [row["id"] for row in page["services"]]
            url = page["suite"]
        assert seen == ids

    def test_the_csv_says_the_next_page_in_its_header(self, client):
        first, second = sorted((put("Un"), put("Deux")), key=lambda listing: listing.pk)
        answer = client.get(CSV, {"nombre": 1})
        assert answer["Link"] == f'<{CSV}?apres={first.pk}&nombre=1>; rel="next"'
        assert [row["id"] for row in table_of(client.get(CSV, {"apres": first.pk}))] == [str(second.pk)]

    @pytest.mark.parametrize("asked", [{"nombre": 0}, {"nombre": 101}, {"nombre": "x"}, {"apres": "x"}])
    def test_sec_32_what_cannot_be_asked_for_is_a_400(self, client, asked):
        assert client.get(JSON, asked).status_code == 400
        assert client.get(CSV, asked).status_code == 400

    def test_as_many_queries_for_twenty_as_for_one(self, client):
        put("Un")
        client.get(JSON)
        with CaptureQueriesContext(connection) as one:
            client.get(JSON)
        for number in range(20):
            put(f"Service {number}")
        with CaptureQueriesContext(connection) as many:
            client.get(CSV)
        assert len(one) == len(many) == 2


class TestCsv:
    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1"])
    def test_sec_31_cells_of_the_catalogue_compute_nothing(self, client, name):
        put("Mesurna", tagline=name, publisher=name)
        (row,) = table_of(client.get(CSV))
        assert row["accroche"] == row["editeur"] == f"'{name}"

    def test_lists_are_words_with_spaces(self, client):
        put("Mesurna", needs=["sommeil", "enfant"])
        (row,) = table_of(client.get(CSV))
        assert (row["besoins"], row["accessibilite"], row["effet_le"]) == ("sommeil enfant", "", "")


class TestCaches:
    @pytest.mark.parametrize("url", [JSON, CSV])
    def test_the_same_again_is_a_304(self, client, url):
        put("Mesurna")
        first = client.get(url)
        assert first["Cache-Control"] == "public, max-age=300"
        assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
        put("Autre")
        assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200

    def test_no_cookie_is_set_and_accept_is_not_asked(self, client):
        for accept in ("text/html", "image/png", "application/xml"):
            answer = client.get(JSON, headers={"Accept": accept})
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
            assert not answer.cookies

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_it_is_read_only(self, client, method):
        assert getattr(client, method)(JSON).status_code == 405

    def test_sec_09_it_is_limited(self, client, settings):
        settings.LIMITS = {**settings.LIMITS, "open_data_address": (2, 60)}
        assert [client.get(JSON).status_code for _ in range(3)] == [200, 200, 429]
