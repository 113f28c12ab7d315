"""A store or a key that is away, a text that does not open: nothing is lost, and the page says so (M-03, REL-12)."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from apps.audit.services import events_of
from apps.files.gateways import store
from apps.files.gateways.base import StoreUnavailableError
from apps.mss.models import Correspondent, Draft, DraftFile, Message
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.mss.writing import attach, box_in, conversation, draft_in
from tests.mss.writing_pages import account, brought, checked, fill, page_of, photo, text_in

pytestmark = pytest.mark.django_db
AWAY = "Notre stockage ne répond pas en ce moment"
UNREADABLE = "Ce brouillon ne peut pas être lu"
TYPED = "Ce que je viens d'écrire."


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def thread(space):
    return conversation(space)


@pytest.fixture
def client(space):
    return client_of(account(space))


def lose_the_key(settings: Any) -> None:
    """The key of the vault is closed with a master key that the settings no longer hold."""
    settings.FILES_MASTER_KEY_VERSION, settings.FILES_SECOND_MASTER_KEY = 9, ""


def find_the_key(settings: Any, version: int) -> None:
    settings.FILES_MASTER_KEY_VERSION = version


def tamper(space) -> None:
    Draft.objects.filter(space_id=space.id).update(body_sealed=base64.b64encode(b"x" * 40).decode())


class TestPage:
    def test_a_draft_whose_key_is_away_is_told_and_not_written_over(self, client, space, thread, settings):
        draft_in(thread, text="Mon premier texte.")
        version = settings.FILES_MASTER_KEY_VERSION
        lose_the_key(settings)

        page = client.get(page_of(thread))

        assert page.status_code == 200
        assert AWAY in words_of(page)
        assert "mss.draft.read" not in [event.action for event in events_of(space.id)]
        find_the_key(settings, version)
        form = {**brought(page), "text": TYPED, "act": "garder"}
        answer = client.post(page_of(thread), form)
        assert answer.status_code == 422
        assert "Mon premier texte." in words_of(answer)
        assert text_in(space) == "Mon premier texte."

    def test_a_draft_that_does_not_open_is_told_and_may_be_deleted(self, client, space, thread):
        draft_in(thread)
        tamper(space)

        page = client.get(page_of(thread))

        assert page.status_code == 200
        assert UNREADABLE in words_of(page)
        assert page_of(thread, "_discard") in page.content.decode()
        asked = client.get(page_of(thread, "_discard"))
        assert client.post(page_of(thread, "_discard"), checked(asked)).status_code == 302
        assert not Draft.objects.exists()

    def test_a_new_message_says_the_same(self, client, space, thread):
        box = box_in(thread)
        path = reverse("mss:message_new", args=[space.id, box.id])
        client.post(path, {"subject": "Genou", "text": "a", "act": "garder"})
        tamper(space)
        assert UNREADABLE in words_of(client.get(path))


class TestSaving:
    @pytest.mark.parametrize("act", ["garder", "envoyer", "suite", "auto"])
    @pytest.mark.parametrize("is_begun", [False, True])
    def test_without_the_key_the_typed_text_stays_in_the_form(self, client, space, thread, settings, act, is_begun):
        if is_begun:
            draft_in(thread)
        page = client.get(page_of(thread))
        lose_the_key(settings)

        form = {**brought(page), "text": TYPED, "act": act}
        answer = client.post(page_of(thread), form)

        assert answer.status_code == 422
        assert TYPED in words_of(answer)
        assert AWAY in words_of(answer)
        assert not Message.objects.filter(direction="out").exists()
        assert Draft.objects.count() == int(is_begun)

    def test_over_a_draft_that_does_not_open_the_typed_text_stays_in_the_form(self, client, space, thread):
        page = fill(client, thread, act="auto", text="a").json()
        tamper(space)

        form = {"draft": page["draft"], "seen": page["seen"], "text": TYPED, "act": "envoyer"}
        answer = client.post(page_of(thread), form)

        assert answer.status_code == 422
        assert TYPED in words_of(answer)
        assert UNREADABLE in words_of(answer)
        assert not Message.objects.filter(direction="out").exists()

    def test_a_file_that_cannot_be_kept_is_told_and_the_text_is(self, client, space, thread, monkeypatch):
        def away(_content):
            raise StoreUnavailableError

        monkeypatch.setattr(store, "save", away)
        answer = fill(client, thread, act="ajouter", files=[photo()], text=TYPED)

        assert answer.status_code == 422
        assert f"{AWAY} : le fichier n'a pas été ajouté" in words_of(answer)
        assert (text_in(space), DraftFile.objects.count()) == (TYPED, 0)


class TestCheck:
    def test_without_the_key_nothing_leaves_and_nothing_is_lost(self, client, space, thread, settings):
        attach(draft_in(thread))
        page = client.get(page_of(thread, "_check"))
        version = settings.FILES_MASTER_KEY_VERSION
        lose_the_key(settings)

        assert AWAY in words_of(client.get(page_of(thread, "_check")))
        answer = client.post(page_of(thread, "_check"), checked(page))

        assert answer.status_code == 422
        assert AWAY in words_of(answer)
        assert not Message.objects.filter(direction="out").exists()
        find_the_key(settings, version)
        assert client.post(page_of(thread, "_check"), checked(page)).status_code == 302

    def test_a_text_that_does_not_open_is_not_offered_for_sending(self, client, space, thread):
        attach(draft_in(thread))
        tamper(space)

        page = client.get(page_of(thread, "_check"))

        assert page.status_code == 200
        assert UNREADABLE in words_of(page)
        assert ">Envoyer<" not in page.content.decode()
        answer = client.post(page_of(thread, "_check"), checked(page))
        assert (answer.status_code, UNREADABLE in words_of(answer)) == (422, True)
        assert not Message.objects.filter(direction="out").exists()


def test_rel_12_another_master_key_than_the_one_of_before_loses_no_text(settings):
    conversation(factories.space())  # the key was used
    space = factories.space()
    box = Correspondent.objects.create(space_id=space.id, address="p@x.mssante.example", is_pharmacy=True)
    settings.FILES_MASTER_KEY = "ab" * 32
    address = reverse("mss:message_new", args=[space.id, box.id])
    page = client_of(account(space)).post(address, {"subject": "Essai", "text": TYPED, "act": "garder"})

    assert page.status_code == 422
    assert AWAY in words_of(page)
    assert html.escape(TYPED) in page.content.decode()


def test_rel_12_under_another_master_key_nobody_is_told_to_delete_a_draft(client, thread, settings):
    draft_in(thread)
    settings.FILES_MASTER_KEY = "ab" * 32
    said = words_of(client.get(page_of(thread)))

    assert AWAY in said
    assert UNREADABLE not in said
