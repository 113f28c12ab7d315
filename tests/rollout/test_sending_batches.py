"""Batches of mails: what they take, give back, and when they end (REL-08)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from apps.common.dates import PARIS
from apps.notifications.gateways.base import RelayUnavailableError
from apps.rollout.jobs import preparing, sending
from apps.rollout.models import Notice
from tests.notifications.relays import Box
from tests.rollout import factories as rows

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 14, 10, tzinfo=PARIS)


def prepared(*, people: int = 1) -> None:
    """People of one running wave whose notices wait to be sent."""
    running = rows.wave(first_send_on=AT.date())
    for _ in range(people):
        rows.person(wave=running)
    preparing.prepare_due(at=AT)


def test_a_relay_that_is_away_takes_no_try_away_and_ends_the_batch():
    prepared(people=2)
    box = Box(faults=[RelayUnavailableError()])

    assert sending.send_due(relay=box, at=AT) == {"away": 1}
    assert box.tries == 1
    assert set(Notice.objects.values_list("state", "attempts", "due_at")) == {
        ("prepared", 0, AT + timedelta(minutes=5))
    }
    assert sending.send_due(relay=box, at=AT + timedelta(minutes=5)) == {"sent": 2}


def test_a_batch_out_of_time_gives_back_what_it_did_not_come_to():
    prepared()

    assert sending.send_due(relay=Box(), at=AT, seconds=0) == {}
    assert Notice.objects.values_list("state", "attempts", "leased_until").get() == ("prepared", 0, None)


def test_nothing_leaves_in_the_name_of_a_day_that_is_over():
    prepared()
    evening = datetime(2026, 9, 14, 23, 59, 59, 999_999, tzinfo=PARIS)
    box = Box()

    assert sending.send_due(relay=box, at=evening, seconds=30) in ({}, {"sent": 1})
    assert sending._seconds_of_today(evening) < 0.001
    assert sending._seconds_of_today(datetime(2026, 10, 25, tzinfo=PARIS)) == 25 * 3600


def test_batch_after_batch_until_nothing_is_due():
    prepared(people=5)
    minutes = (AT + timedelta(minutes=minute) for minute in range(20))

    assert sending.send_while_due(relay=Box(), now=lambda: next(minutes), at_most=2) == {"sent": 5}
    sent = Notice.objects.order_by("sent_at").values_list("sent_at", flat=True).distinct()
    assert list(sent) == [AT + timedelta(minutes=minute) for minute in (1, 2, 3)]


def test_the_number_of_queries_of_a_batch_follows_only_its_groups(django_assert_max_num_queries):
    prepared(people=10)

    with django_assert_max_num_queries(15 + 10 * 4):  # each says in a transaction that its try begins
        sending.send_due(relay=Box(), at=AT)
