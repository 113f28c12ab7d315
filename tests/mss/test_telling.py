"""A new message is told, and nothing of it (MSS-64, NOT-07)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.mss.models import Thread
from apps.notifications.models import Notice, OutgoingMail
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive

pytestmark = pytest.mark.django_db
ANSWER = "In-Reply-To: <m1@x.example>\r\n"


@pytest.fixture
def space():
    made = factories.space()
    factories.user(person=made.identity, email="alice@example.org")
    return made


def test_mss_64_the_notice_has_no_sender_subject_or_id(space):
    (message,) = receive(letter(), space)
    notice = Notice.objects.get()
    assert (notice.kind, notice.facts, notice.document_ids) == ("new_message", {}, [])
    told = str([notice.facts, notice.kind])
    assert str(message.id) not in told


def test_not_07_messages_of_half_an_hour_in_one_conversation_are_one_notice_and_one_mail(space):
    receive(letter(), space)
    receive(letter(number="m2", fields=ANSWER), space, at=NOON + timedelta(minutes=29))
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (1, 1)
    receive(letter(number="m3", fields=ANSWER), space, at=NOON + timedelta(minutes=31))
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (2, 2)


def test_not_07_another_conversation_is_another_notice(space):
    receive(letter(), space)
    receive(letter(number="m2"), space)
    assert Thread.objects.count() == Notice.objects.count() == 2


def test_s19_a_second_delivery_is_not_told(space):
    receive(letter(), space)
    receive(b"Received: x\r\n" + letter(), space, at=NOON + timedelta(hours=2))
    assert Notice.objects.count() == 1


def test_mss_23_an_end_alone_is_not_told(space):
    receive(letter(subject="[FIN]", text=""), space)
    assert not Notice.objects.exists()


def test_mss_81_a_relative_is_told_who_may_read_the_mailbox_and_no_other(space):
    for number, sections in enumerate(({"messages": "read"}, {"documents": "read"})):
        person = factories.identity()
        factories.delegation(of=space, person=person, sections=sections)
        factories.user(person=person, email=f"proche{number}@example.org")
    receive(letter(), space)
    told = set(Notice.objects.values_list("user__email", flat=True))
    assert told == {"alice@example.org", "proche0@example.org"}


def test_mss_14_the_representatives_of_a_child_are_told(space):
    child, mother = factories.space(person=factories.child_identity()), factories.identity()
    factories.representation(of=child, person=mother)
    factories.user(person=mother, email="mere@example.org")
    receive(letter(), child)
    assert Notice.objects.get().user.email == "mere@example.org"
