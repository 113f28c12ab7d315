"""What the conversation says of a message that was sent, and trying it again (M-03, MSS-65)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from apps.accounts.models import User
from apps.mss.models import Correspondent, Message, OutgoingMail
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER
from tests.mss.outgoing import answered, holder

pytestmark = pytest.mark.django_db
BUTTON = "Réessayer"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def client(space):
    return client_of(User.objects.get(pk=holder(space).user_id))


@pytest.fixture
def sent(space):
    return answered(space)


def refuse(**columns: str) -> None:
    values = {"state": "refused", "ended_at": NOON, "problem": "smtp-550", "status_code": "5.1.1", **columns}
    OutgoingMail.objects.update(**values)


def page(client, message: Message):
    return client.get(reverse("mss:thread_detail", args=[message.space_id, message.thread_id]))


def again(client, message: Message, **options):
    return client.post(reverse("mss:message_send_again", args=[message.space_id, message.id]), **options)


def test_m_03_a_waiting_message_says_so_and_offers_nothing(client, sent):
    words = words_of(page(client, sent))

    assert "En attente" in words
    assert BUTTON not in words


def test_mss_65_a_refused_one_says_why_and_offers_another_try(client, sent):
    refuse()

    shown = page(client, sent)

    words = words_of(shown)
    assert "Refusé" in words
    assert "La messagerie de ce correspondant n'existe pas ou n'existe plus." in words
    assert "Code 5.1.1" in words
    assert words.count(BUTTON) == 1
    assert SENDER not in shown.content.decode()


def test_what_would_end_the_same_way_has_no_button(client, sent):
    refuse(problem="virus", status_code="")

    words = words_of(page(client, sent))

    assert "Un virus a été trouvé" in words
    assert BUTTON not in words


def test_m_03_another_try_leads_back_to_the_conversation(client, sent):
    refuse()

    answer = again(client, sent, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("mss:thread_detail", args=[sent.space_id, sent.thread_id])
    words = words_of(answer)
    assert "Message en cours de renvoi" in words
    assert "En attente" in words
    assert OutgoingMail.objects.get().state == "waiting"


def test_a_second_click_says_that_there_is_nothing_to_do(client, sent):
    assert "Il n'y a rien à renvoyer" in words_of(again(client, sent, follow=True))


def test_mss_24_an_ended_exchange_says_why_not(client, sent):
    refuse()
    Correspondent.objects.update(ended_at=NOON.replace(year=NOON.year + 1))

    words = words_of(again(client, sent, follow=True))

    assert "Message non renvoyé" in words
    assert "Ce correspondant ne reçoit plus de message" in words
    assert OutgoingMail.objects.get().state == "refused"


def test_mss_84_too_many_within_the_hour(client, sent, settings):
    settings.LIMITS = {**settings.LIMITS, "mss_send": (1, 3600)}
    refuse()

    assert "Réessayez à partir de" in words_of(again(client, sent, follow=True))
    assert OutgoingMail.objects.get().state == "refused"


def test_sec_02_a_message_of_somebody_else_is_not_there(client, space):
    other = answered(factories.space())
    url = reverse("mss:message_send_again", args=[space.id, other.id])

    assert client.post(url).status_code == 404
    received = Message.objects.filter(space_id=other.space_id, direction="in").first()
    assert client.post(reverse("mss:message_send_again", args=[space.id, received.id])).status_code == 404


def test_sec_14_a_link_tries_nothing(client, sent):
    refuse()

    assert client.get(reverse("mss:message_send_again", args=[sent.space_id, sent.id])).status_code == 405
    assert OutgoingMail.objects.get().state == "refused"


def test_a_message_that_goes_while_the_button_is_used_is_not_there(client, sent):
    """Erased by another after it was found: the answer is that of a message that is not there."""
    refuse()
    erased: list[str] = []

    def erase(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not erased and sql.startswith("SELECT") and 'FROM "mss_message"' in sql:
            erased.append(sql)
            with connection.cursor() as cursor:
                for table, column in (("mss_outgoingmail", "message_id"), ("mss_message", "id")):
                    where = f"space_id = %s AND {column} = %s"
                    cursor.execute(f"DELETE FROM {table} WHERE {where}", [sent.space_id, sent.id])  # noqa: S608
        return result

    with connection.execute_wrapper(erase):
        answer = again(client, sent)

    assert erased
    assert answer.status_code == 404
