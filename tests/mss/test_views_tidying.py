"""M-05 and M-07 as pages: GET asks, POST acts, the outcome offers the way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.mss.models import Message, Thread
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive
from tests.mss.writing import box_in, conversation, writer

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


@pytest.fixture
def thread(space):
    return conversation(space)


def address(name: str, thread: Thread) -> str:
    return reverse(f"mss:{name}", args=[thread.space_id, thread.id])


def fresh(thread: Thread) -> Thread:
    return Thread.objects.get(space_id=thread.space_id, id=thread.id)


def test_m_05_the_exact_words_of_closing(client, thread):
    words = words_of(client.get(address("thread_close", thread)))
    assert "Clore cette conversation" in words
    assert "Dr Karim Benali ne pourra plus vous y répondre et en sera averti." in words
    assert "Vous gardez les messages. Vous pouvez la rouvrir." in words
    assert fresh(thread).closed_at is None


def test_m_05_who_ended_the_exchange_is_not_said_to_be_told(client, space, thread):
    receive(letter(number="fin", subject="[FIN]", text=""), space)
    assert "averti" not in words_of(client.get(address("thread_close", thread)))


def test_m_05_closed_and_undone(client, thread):
    page = client.post(address("thread_close", thread), follow=True)
    assert "Conversation close" in words_of(page)
    assert address("thread_reopen", thread) in page.content.decode()
    assert "Vous avez clos cette conversation le 25 novembre 2026." in words_of(page)
    client.post(address("thread_reopen", thread))
    assert fresh(thread).closed_at is None


def test_m_05_the_exact_words_of_the_bin(client, thread):
    words = words_of(client.get(address("thread_bin", thread)))
    assert "La conversation va dans la corbeille pendant 30 jours." in words
    assert "Les pièces jointes déjà enregistrées dans Documents restent." in words
    assert "Votre correspondant garde ses messages." in words


def test_m_05_into_the_bin_and_out(client, thread):
    page = client.post(address("thread_bin", thread), follow=True)
    assert "Conversation dans la corbeille" in words_of(page)
    assert "Corbeille (1)" in words_of(page)
    assert "Reçus (0)" in words_of(page)
    opened = words_of(client.get(address("thread_detail", thread)))
    assert "Dans la corbeille depuis le 25 novembre 2026" in opened
    assert "Répondre à" not in opened
    client.post(address("thread_restore", thread))
    assert fresh(thread).binned_at is None


def test_mss_35_marked_as_unread(client, thread):
    client.get(address("thread_detail", thread))
    assert fresh(thread).unread == 0
    page = client.post(address("thread_unread", thread), follow=True)
    assert "Conversation marquée non lue" in words_of(page)
    assert fresh(thread).unread == 1


def test_m_07_blocked_listed_and_unblocked(client, space, thread):
    box = box_in(thread)
    block = reverse("mss:sender_block", args=[space.id, box.id])
    assert "résultats et comptes rendus compris" in words_of(client.get(block))
    page = client.post(block, follow=True)
    assert "Dr Karim Benali" in words_of(page)
    client.post(reverse("mss:sender_unblock", args=[space.id, box.id]))
    assert "Aucun expéditeur bloqué" in words_of(client.get(reverse("mss:blocked_senders", args=[space.id])))


def test_mss_84_a_message_is_reported_once(client, space, thread):
    message = Message.objects.get(space_id=space.id)
    report = reverse("mss:message_report", args=[space.id, message.id])
    assert "Signaler ce message" in words_of(client.get(report))
    assert "Message signalé" in words_of(client.post(report, follow=True))
    assert Message.objects.get(space_id=space.id).reported_at == NOON


@pytest.mark.parametrize("name", ["thread_close", "thread_bin", "thread_reopen", "thread_restore"])
def test_mss_81_a_relative_who_may_only_read_finds_no_such_page(space, thread, name):
    carer = factories.identity(first_given_name="DIANE")
    factories.delegation(of=space, person=carer, sections={"messages": "read"})
    reader = client_of(factories.user(person=carer))
    assert reader.get(address("thread_detail", thread)).status_code == 200
    assert reader.get(address(name, thread)).status_code == 404
    assert reader.post(address(name, thread)).status_code == 404


class TestSearch:
    def test_words_in_any_spelling_and_the_address_holds_none(self, client, space):
        conversation(space, subject="Résultats", text="Votre hémoglobine est basse.")
        conversation(space, subject="Rendez-vous", text="Jeudi à neuf heures.")
        listed = reverse("mss:thread_list", args=[space.id])
        answer = client.post(listed, {"q": "HEMOGLOBINES"})
        assert "emoglobine" not in answer["Location"].lower()
        words = words_of(client.get(answer["Location"]))
        assert "1 conversation trouvée, hors corbeille." in words
        assert "Rendez-vous" not in words

    def test_nothing_found_and_nothing_asked(self, client, space, thread):
        listed = reverse("mss:thread_list", args=[space.id])
        assert "Aucun résultat" in words_of(client.post(listed, {"q": "zzz"}, follow=True))
        assert "Vos analyses" in words_of(client.post(listed, {"q": " & "}, follow=True))

    def test_sec_01_words_of_others_find_nothing(self, client, space):
        conversation(factories.space(), text="secret")
        listed = reverse("mss:thread_list", args=[space.id])
        assert "Aucun résultat" in words_of(client.post(listed, {"q": "secret"}, follow=True))


@pytest.mark.parametrize(
    ("folder", "words"),
    [("non-lus", "Tout est lu"), ("clos", "Aucune conversation close"), ("corbeille", "La corbeille est vide")],
)
def test_m_01_an_empty_folder_says_so(client, space, folder, words):
    page = client.get(reverse("mss:thread_list", args=[space.id]), {"dossier": folder})
    assert words in words_of(page)


def test_mss_11_the_address_is_for_the_holder_and_not_for_relatives(client, space):
    listed = reverse("mss:thread_list", args=[space.id])
    carer = factories.identity(first_given_name="DIANE")
    factories.delegation(of=space, person=carer, sections={"messages": "manage"})
    number = space.identity.ins_number
    assert number in client.get(listed).content.decode()
    assert number not in client_of(factories.user(person=carer)).get(listed).content.decode()
