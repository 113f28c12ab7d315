"""M-01: folders, search, the counts of the menu; 5,000 conversations (MSS-35, MSS-40, S46)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.common.ids import uuid7
from apps.mss.models import Thread
from apps.mss.services import reading, tidying
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.mss.arriving import receive
from tests.mss.test_attaching import mixed
from tests.mss.writing import PDF, conversation, draft_in, writer
from tests.mss.writing_pages import count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def client(space):
    return client_of(User.objects.get(pk=writer(space).user_id))


def list_of(space, folder: str = "") -> str:
    return reverse("mss:thread_list", args=[space.id]) + (f"?dossier={folder}" if folder else "")


def search(client, space, words: str):
    answer = client.post(list_of(space), {"q": words})
    assert answer.status_code == 302
    return client.get(answer["Location"])


class TestFolders:
    def test_m_01_each_conversation_is_where_it_belongs(self, client, space):
        names = ("Reçue", "Lue", "Close", "Jetée")
        threads = {name: conversation(space, subject=name) for name in names}
        reading.open_thread(actor=writer(space), thread_id=threads["Lue"].id, at=NOON)
        tidying.close_thread(actor=writer(space), thread_id=threads["Close"].id, at=NOON)
        tidying.bin_thread(actor=writer(space), thread_id=threads["Jetée"].id, at=NOON)

        words = words_of(client.get(list_of(space)))
        assert "Reçus (2) Non lus (2) Clos (1) Corbeille (1)" in words
        shown = {folder: words_of(client.get(list_of(space, folder))) for folder in ("non-lus", "clos", "corbeille")}
        assert [name for name in names if name in words] == ["Reçue", "Lue"]
        assert [name for name in names if name in shown["non-lus"]] == ["Reçue", "Close"]
        assert [name for name in names if name in shown["clos"]] == ["Close"]
        assert [name for name in names if name in shown["corbeille"]] == ["Jetée"]

    @pytest.mark.parametrize(
        ("folder", "words"),
        [
            ("non-lus", "Tout est lu"),
            ("clos", "Aucune conversation close"),
            ("corbeille", "La corbeille est vide"),
            ("n-importe-quoi", "Aucun message"),
        ],
    )
    def test_an_empty_folder_says_so(self, client, space, folder, words):
        assert words in words_of(client.get(list_of(space, folder)))

    def test_mss_36_a_draft_is_told(self, client, space):
        draft_in(conversation(space))
        assert "brouillon commencé" in words_of(client.get(list_of(space)))

    def test_mss_11_the_address_is_shown_to_the_holder_and_to_no_delegate(self, client, space):
        number = f"{space.identity.ins_number}{space.identity.ins_key}"
        assert number in words_of(client.get(list_of(space)))
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"messages": "manage"})
        page = client_of(factories.user(person=carer)).get(list_of(space))
        assert number not in page.content.decode()

    def test_5000_conversations_take_the_queries_of_20(self, client, space):
        fill(space, 20)
        client.get(list_of(space))
        few = count(client, list_of(space))
        fill(space, 4980)
        assert Thread.objects.filter(space_id=space.id).count() == 5000
        assert count(client, list_of(space)) == few
        assert "Reçus (5000)" in words_of(client.get(list_of(space) + "?page=250"))


def fill(space, number: int) -> None:
    Thread.objects.bulk_create(
        Thread(
            id=uuid7(), space_id=space.id, subject="Vos analyses", started_at=NOON, messages=1,
            last_at=NOON - timedelta(minutes=each),
        )
        for each in range(number)
    )  # fmt: skip


class TestMenu:
    def test_s46_the_number_of_the_menu_is_right_at_once_on_every_page(self, client, space):
        thread = conversation(space)
        page = reverse("mss:thread_detail", args=[space.id, thread.id])
        home = reverse("journeys:dashboard", args=[space.id])
        assert "Messagerie (1 non lue)" in client.get(home).content.decode()
        assert "non lue)" not in client.get(page).content.decode()
        client.post(reverse("mss:thread_unread", args=[space.id, thread.id]))
        assert "Messagerie (1 non lue)" in client.get(home).content.decode()
        for _ in range(2):  # twice is once, and harmless
            client.post(reverse("mss:thread_bin", args=[space.id, thread.id]))
            assert "non lue)" not in client.get(home).content.decode()
        client.post(reverse("mss:thread_restore", args=[space.id, thread.id]))
        assert "Messagerie (1 non lue)" in client.get(home).content.decode()

    def test_spa_55_a_delegate_without_the_section_has_no_entry(self, space):
        conversation(space)
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"documents": "read"})
        page = client_of(factories.user(person=carer)).get(reverse("journeys:dashboard", args=[space.id]))
        assert list_of(space) not in page.content.decode()


class TestSearch:
    @pytest.mark.parametrize("words", ["sangle", "SANGLÉ", "sangles", "benali", "scanner", "abdominal benali"])
    def test_m_01_subject_sender_and_text_without_accents_or_capitals(self, client, space, words):
        conversation(space, subject="Préparation du scanner", text="Une sangle abdominale, s'il vous plaît.")
        conversation(space, subject="Autre chose", text="Rien à voir.", sender="z@medecin.mssante.example")
        assert "Préparation du scanner" in words_of(search(client, space, words))

    def test_m_01_names_of_files(self, client, space):
        receive(mixed(("ordonnance.pdf", "application/pdf", PDF)), space)
        page = words_of(search(client, space, "ordonnance"))
        assert "1 conversation trouvée, hors corbeille." in page

    def test_every_word_has_to_be_there(self, client, space):
        conversation(space, subject="Préparation du scanner")
        assert "Aucun résultat" in words_of(search(client, space, "scanner licorne"))

    def test_the_bin_and_other_spaces_are_left_out(self, client, space):
        thread = conversation(space, subject="Licorne")
        tidying.bin_thread(actor=writer(space), thread_id=thread.id, at=NOON)
        conversation(factories.space(), subject="Licorne")
        assert "Aucun résultat" in words_of(search(client, space, "licorne"))

    def test_sec_16_no_word_stands_in_the_address(self, client, space):
        answer = client.post(list_of(space), {"q": "licorne"})
        assert "licorne" not in answer["Location"]
        assert 'value="licorne"' in client.get(answer["Location"]).content.decode()

    @pytest.mark.parametrize("words", ["", "   ", "!!! &|<->", "\x00"])
    def test_nothing_to_look_for_is_the_whole_list(self, client, space, words):
        conversation(space)
        assert "Vos analyses" in words_of(search(client, space, words))

    def test_a_token_of_somebody_else_finds_nothing_of_theirs(self, client, space):
        other = factories.space()
        stranger = client_of(User.objects.get(pk=writer(other).user_id))
        token = stranger.post(list_of(other), {"q": "licorne"})["Location"].partition("?")[2]
        assert "licorne" not in client.get(f"{list_of(space)}?{token}").content.decode()
