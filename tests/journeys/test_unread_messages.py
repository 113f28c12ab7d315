"""H-01: messages that wait to be read, on the home of the space."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.access import Actor
from apps.accounts.models import User
from apps.audit.services import events_of
from apps.journeys.home import UnreadConversations, unread_conversations
from apps.mss.models import Thread
from apps.mss.services.reading import unread_threads
from tests import factories
from tests.cast import client_of
from tests.directory.mailboxes import listed_box
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, letter, receive
from tests.mss.writing import writer

pytestmark = pytest.mark.django_db
OTHER = "pr.adele@hopital.mssante.example"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def holder(space):
    return writer(space)


@pytest.fixture
def client(holder):
    return client_of(User.objects.get(pk=holder.user_id))


def home(space) -> str:
    return reverse("journeys:dashboard", args=[space.id])


def threads_of(space, number: int) -> list[Thread]:
    for each in range(number):
        sender = f"dr{each}@medecin.mssante.example"
        receive(letter(number=f"t{each}", sender=sender), space, at=NOON + timedelta(minutes=each), sender=sender)
    return list(Thread.objects.filter(space_id=space.id).order_by("-last_at"))


def delegate_with(space, sections: dict[str, str]):
    person = factories.identity()
    factories.delegation(of=space, person=person, sections=sections)
    return client_of(factories.user(person=person))


def shown_to(actor: Actor) -> UnreadConversations:
    """As the home asks for it, with the number of the menu."""
    return unread_conversations(actor=actor, count=unread_threads(actor))


class TestBlock:
    def test_h_01_nothing_unread_no_block(self, client, space):
        assert "Messages non lus" not in words_of(client.get(home(space)))

    def test_h_01_by_sender_and_time_and_never_by_subject(self, client, space):
        listed_box(SENDER)
        (message,) = receive(letter(subject="Sérologie VIH", text="Résultat joint."), space)

        page = client.get(home(space))

        words = words_of(page)
        assert "Messages non lus (1)" in words
        assert "Dr Anne Lefort" in words
        assert "Vérifié dans l'annuaire (RPPS)" in words
        assert "Reçu le 25\u00a0novembre 2026" in page.content.decode()
        assert reverse("mss:thread_detail", args=[space.id, message.thread_id]) in page.content.decode()
        assert "Sérologie" not in page.content.decode()
        assert "Résultat joint" not in page.content.decode()

    def test_mss_22_no_address_on_it_and_a_stranger_is_said_to_be_one(self, client, space):
        receive(letter(), space)
        page = client.get(home(space))
        assert "Expéditeur hors annuaire" in words_of(page)
        assert SENDER not in page.content.decode()

    def test_sec_07_names_are_texts(self, client, space):
        client.braces_allowed = True
        data = letter().replace(b"Dr Karim Benali", b'"<b>{{ 1 }}</b>"')
        receive(data, space)
        page = client.get(home(space)).content.decode()
        assert "<b>{{ 1 }}" not in page

    def test_h_01_five_at_most_newest_first_with_the_whole_number(self, holder, client, space):
        newest = threads_of(space, 7)
        unread = shown_to(holder)
        assert [line.thread_id for line in unread.shown] == [thread.id for thread in newest[:5]]
        assert unread.count == 7
        words = words_of(client.get(home(space)))
        assert "Messages non lus (7)" in words
        assert "Voir tous les messages" in words

    def test_mss_35_what_is_read_or_in_the_bin_does_not_count(self, holder, client, space):
        first, second, _third = threads_of(space, 3)
        client.get(reverse("mss:thread_detail", args=[space.id, first.id]))
        Thread.objects.filter(space_id=space.id, id=second.id).update(binned_at=NOON)
        assert shown_to(holder).count == 1

    def test_two_unread_ones_of_a_conversation_are_one_line_by_the_last(self, holder, space):
        (first,) = receive(letter(number="a1"), space)
        answer = letter(number="a2", fields=f"In-Reply-To: <{first.message_id}>\r\n", sender=OTHER)
        receive(answer, space, at=NOON + timedelta(hours=1), sender=OTHER)
        unread = shown_to(holder)
        assert unread.count == 1
        assert [line.received_at for line in unread.shown] == [NOON + timedelta(hours=1)]

    def test_the_title_of_the_page_is_the_same(self, client, space):
        receive(letter(), space)
        assert "Benali" not in client.get(home(space)).content.decode().split("</title>")[0]


class TestRights:
    def test_spa_55_a_delegate_without_messages_sees_no_block(self, space):
        receive(letter(), space)
        browser = delegate_with(space, {"documents": "read", "history": "read"})
        assert "Messages non lus" not in words_of(browser.get(home(space)))

    def test_mss_81_a_delegate_with_messages_does_and_reads_nothing_by_it(self, space):
        receive(letter(), space)
        browser = delegate_with(space, {"messages": "read"})
        assert "Messages non lus (1)" in words_of(browser.get(home(space)))
        assert Thread.objects.get(space_id=space.id).unread == 1
        assert not events_of(space.id).filter(action="mss.message.read").exists()

    def test_sec_01_messages_of_another_space_are_not_there(self, holder, space):
        receive(letter(), factories.space())
        assert shown_to(holder).count == 0


def test_queries_do_not_grow(client, space):
    receive(letter(), space)
    client.get(home(space))
    few = queries(client, space)
    threads_of(space, 20)
    assert queries(client, space) - few in {0, 1}  # the whole number is asked for once there is more than shown


def queries(client, space) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get(home(space))
    return len(seen)
