"""Quarantine of the platform operator (OP-01): states and acts, no content and no person (SEC-19)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.audit.services import events_of
from apps.files.models import StoredFile
from tests import factories
from tests.cast import client_of
from tests.dmp.factories import filed
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
LIST = "/exploitation/quarantaine/"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def operator():
    return factories.staff(StaffRole.PLATFORM)


@pytest.fixture
def client(operator):
    return client_of(operator)


def blocked(**values):
    """The file of a document, found infected an hour ago."""
    row = filed(factories.space(), at=NOON - timedelta(hours=2))
    changes = {"state": "infected", "finding": "Win.Worm", "scanned_at": NOON - timedelta(hours=1), **values}
    StoredFile.objects.filter(id=row.file_id).update(**changes)
    return StoredFile.objects.select_related("vault").get(id=row.file_id)


def parked():
    return blocked(state="parked", finding="", scanned_at=None, parked_at=NOON, problem="bytes-lost", attempts=5)


def address(file, act):
    return f"{LIST}{file.vault_id}/{file.id}/{act}/"


class TestList:
    def test_empty_list_says_what_would_fill_it(self, client):
        response = client.get(LIST)
        assert "Aucun fichier en quarantaine" in words_of(response)
        assert title_of(response).startswith("Quarantaine – Exploitation")

    def test_states_reasons_dates_size_and_tries(self, client):
        blocked(size=2048)
        parked()
        words = words_of(client.get(LIST))
        assert "2 fichiers en quarantaine" in words
        assert "infecté Win.Worm le 25 novembre 2026 à 11 h 00" in words
        assert "contrôle impossible le contenu manque ou est abîmé" in words

    def test_sec_19_no_content_no_title_no_name(self, client):
        file = blocked()
        page = client.get(LIST).content.decode()
        assert str(file.id) in page
        assert str(file.vault.owner_id) not in page
        for word in ("MOREL", "Alice", "Hémoglobine", "LEFORT"):
            assert word not in page

    def test_same_queries_for_one_and_for_twenty(self, client):
        blocked()
        client.get(LIST)
        with CaptureQueriesContext(connection) as for_one:
            client.get(LIST)
        for _ in range(20):
            blocked()
        with CaptureQueriesContext(connection) as for_twenty_one:
            client.get(LIST)
        assert len(for_twenty_one) == len(for_one)

    def test_fifty_a_page(self, client):
        for _ in range(51):
            blocked()
        assert client.get(LIST).content.decode().count("/analyser/") == 50
        assert client.get(LIST, {"page": "2"}).content.decode().count("/analyser/") == 1


class TestWho:
    @pytest.mark.parametrize("role", [role for role in StaffRole if role is not StaffRole.PLATFORM])
    def test_sec_19_other_roles_of_the_staff_find_nothing(self, role):
        file = blocked()
        client = client_of(factories.staff(role))
        assert client.get(LIST).status_code == 404
        assert client.post(address(file, "detruire")).status_code == 404
        assert client.post(address(file, "analyser")).status_code == 404
        file.refresh_from_db()
        assert file.state == "infected"


class TestActs:
    def test_check_again(self, client, operator):
        file = parked()
        response = client.post(address(file, "analyser"), follow=True)
        assert "Fichier envoyé de nouveau à l'antivirus" in words_of(response)
        file.refresh_from_db()
        assert (file.state, file.attempts) == ("waiting", 0)
        line = events_of(file.vault.owner_id).get(action="files.object.check_again")
        assert (line.actor_role, line.actor_id) == ("staff", str(operator.pk))

    def test_destroying_asks_first(self, client):
        file = blocked()
        words = words_of(client.get(address(file, "detruire")))
        assert f"Fichier {file.id} : Win.Worm." in words
        assert "ne peut pas être retrouvé" in words
        file.refresh_from_db()
        assert file.state == "infected"

    def test_destroy(self, client, operator):
        file = blocked()
        response = client.post(address(file, "detruire"), follow=True)
        assert "Fichier détruit" in words_of(response)
        assert "Aucun fichier en quarantaine" in words_of(response)
        file.refresh_from_db()
        assert (file.state, file.destroyed_at) == ("destroyed", NOON)
        line = events_of(file.vault.owner_id).get(action="files.object.destroy")
        assert (line.actor_role, line.actor_id) == ("staff", str(operator.pk))

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_what_could_not_be_checked_is_not_destroyed(self, client, method):
        file = parked()
        assert getattr(client, method)(address(file, "detruire")).status_code == 404

    @pytest.mark.parametrize("act", ["analyser", "detruire"])
    def test_a_clean_file_is_not_found(self, client, act):
        file = StoredFile.objects.get(id=filed(factories.space(), at=NOON - timedelta(hours=1)).file_id)
        assert client.post(address(file, act)).status_code == 404
