"""MSS-38: the trace of a delivery goes, the message stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.mss.jobs.forgetting import forget_arrivals
from apps.mss.models import Arrival, ArrivalAddress, Message
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import arrive, letter, receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _days(settings):
    settings.MSS_ARRIVAL_DAYS = 90


def test_mss_38_a_trace_goes_after_ninety_days_and_its_message_stays():
    space = factories.space()
    for number in range(3):
        receive(letter(number=f"m{number}"), space, at=NOON + timedelta(days=number))

    assert forget_arrivals(at=NOON + timedelta(days=91, hours=1)) == 2
    assert (Arrival.objects.count(), ArrivalAddress.objects.count(), Message.objects.count()) == (1, 1, 3)
    assert forget_arrivals(at=NOON + timedelta(days=91, hours=1)) == 0


def test_what_is_not_filed_stays_however_old_it_is():
    space = factories.space()
    waiting, parked = arrive(letter(number="w"), space), arrive(letter(number="p"), space)
    Arrival.objects.filter(id=parked.id).update(state=Arrival.State.PARKED, ended_at=NOON)

    assert forget_arrivals(at=NOON + timedelta(days=1_000)) == 0
    assert set(Arrival.objects.values_list("id", flat=True)) == {waiting.id, parked.id}


def test_some_at_a_time_the_oldest_first():
    space = factories.space()
    for number in range(3):
        receive(letter(number=f"m{number}"), space, at=NOON)
    newest = Arrival.objects.order_by("id").last()

    assert forget_arrivals(at=NOON + timedelta(days=100), at_most=2) == 2
    assert list(Arrival.objects.values_list("id", flat=True)) == [newest.id]
