"""What leaves the portal when a message came: grouped, by digest or not at all, never a word of it (MSS-64, NOT-)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.notifications.jobs.delivering import deliver
from apps.notifications.kinds import Channel, Frequency, Kind
from apps.notifications.models import Notice, OutgoingMail, Preference
from tests import factories
from tests.harness.clock import NOON
from tests.journeys.saving import clinical
from tests.mss.arriving import letter, receive
from tests.notifications.relays import Box

pytestmark = pytest.mark.django_db
SUBJECT, TEXT = "Resultats Cytomegalovirus", "Votre frottis est anormal."


@pytest.fixture
def space():
    made = factories.space()
    factories.user(person=made.identity, email="alice@example.org")
    return made


def wish(space, frequency, channel=Channel.MAIL):
    user = space.identity.user
    Preference.objects.create(user=user, kind=Kind.NEW_MESSAGE, channel=channel, frequency=frequency)


def sent(at=NOON + timedelta(days=8)):
    relay = Box()
    for mail in OutgoingMail.objects.order_by("due_at", "id"):
        deliver(mail_id=mail.id, relay=relay, at=at)
    return relay.letters


def test_mss_64_the_mail_says_that_there_is_one_and_nothing_more(space):
    (message,) = receive(letter(subject=SUBJECT, text=TEXT), space)
    (mail,) = sent(NOON + timedelta(hours=2))
    told = str(mail)
    for word in ("Cytomegalovirus", "frottis", "Benali", "medecin", str(message.id), str(message.thread_id)):
        assert word not in told
    assert space.identity.ins_number not in told  # the address of the holder holds it (MSS-11)


def test_mss_64_a_document_of_a_message_is_not_told_before_it_is_saved(space):
    clinical(space)
    assert set(Notice.objects.values_list("kind", flat=True)) == {"new_message"}


def test_not_18_twenty_messages_of_a_day_are_one_mail_in_the_morning(space):
    wish(space, Frequency.DAILY)
    for number in range(20):
        receive(letter(number=f"m{number}"), space, at=NOON + timedelta(minutes=number))
    (mail,) = OutgoingMail.objects.all()
    assert (mail.kind, mail.due_at) == ("digest", datetime(2026, 11, 26, 7, tzinfo=UTC))
    assert len(sent(mail.due_at)) == 1


def test_not_06_a_holder_who_wants_no_mail_gets_none_and_has_it_in_the_centre(space):
    wish(space, Frequency.NEVER)
    receive(letter(), space)
    assert sent() == []
    assert Notice.objects.get().in_centre


def test_not_06_nor_in_the_centre(space):
    wish(space, Frequency.NEVER)
    wish(space, Frequency.NEVER, Channel.CENTRE)
    receive(letter(), space)
    assert not Notice.objects.filter(in_centre=True).exists()
    assert sent() == []
