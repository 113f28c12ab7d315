"""What list, page and paper say of a document that nobody can read (pages.md 22, REL-13)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.files.gateways import store
from apps.files.gateways.base import StoreUnavailableError
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.factories import filed, holder_of
from tests.dmp.pages import main_of, words_of
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

STATES = {
    "waiting": ({"scanned_at": None}, "En contrôle", "une fois le contrôle terminé"),
    "parked": ({"scanned_at": None, "parked_at": NOON}, "En contrôle", "Notre équipe est prévenue"),
    "infected": ({"scanned_at": NOON}, "Refusé", "virus"),
    "destroyed": ({"scanned_at": NOON, "destroyed_at": NOON}, "Refusé", "virus"),
}


@pytest.fixture
def space():
    return factories.space()


@pytest.mark.parametrize("state", STATES)
def test_rel_13_the_state_is_said_in_words_and_nothing_can_be_downloaded(space, state):
    row = filed(space)
    values, tag, sentence = STATES[state]
    StoredFile.objects.update(state=state, **values)
    client = holder_of(space).client
    download = reverse("dmp:document_file", args=[space.id, row.id])

    listed = client.get(reverse("dmp:document_list", args=[space.id]))
    assert tag in words_of(listed)
    assert download not in main_of(listed)
    detail = client.get(reverse("dmp:document_detail", args=[space.id, row.id]))
    assert tag in words_of(detail)
    assert sentence in words_of(detail)
    assert download not in main_of(detail)
    assert reverse("dmp:document_print", args=[space.id, row.id]) not in main_of(detail)
    assert client.get(download).status_code == 404


def test_rel_13_a_store_that_is_away_is_said_and_not_called_a_loss(space, monkeypatch):
    def away(_name):
        raise StoreUnavailableError

    row = filed(space)
    monkeypatch.setattr(store, "read", away)
    client = holder_of(space).client
    words = words_of(client.get(reverse("dmp:document_detail", args=[space.id, row.id])))

    assert "Contenu momentanément indisponible" in words
    assert "n'est pas perdu" in words
    assert client.get(reverse("dmp:document_file", args=[space.id, row.id])).status_code == 503
