"""SEC-06: a wrong code, date or number of an activation costs the same time (medians of 200, within 5 ms)."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import pytest
from django.core.cache import cache

from apps.rollout.models import NoticeCode
from apps.rollout.services.proving import Notified, prove_by_number
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = pytest.mark.django_db
TRIES, WITHIN = 200, 0.005
UNKNOWN = "K7MF3QXT9BRD"


@pytest.fixture(autouse=True)
def _no_limits(settings):
    cache.clear()
    many = (100_000, 3600)
    names = ("opposition_address", "opposition_everybody", "activation_number")
    settings.LIMITS = {**settings.LIMITS, **dict.fromkeys(names, many)}


def test_sec_06_misses_of_an_activation_take_the_same_time():
    person = rollout.person()
    _notice, code = rollout.noticed(person)
    number, right, wrong = person.identity.ins_number, "1984-06-14", "1984-06-15"
    misses = {
        "code": (UNKNOWN, right, number),
        "date": (code, wrong, number),
        "number": (code, right, "2840644109999"),
        "all": (UNKNOWN, wrong, "2840644109999"),
        "no code at all": ("x", wrong, number),
    }
    times: dict[str, list[float]] = {name: [] for name in misses}
    for _ in range(TRIES):
        for name, (typed, birth_date, tried) in misses.items():
            NoticeCode.objects.update(failures=0, locked_until=None)
            notified = Notified(code=typed, birth_date=birth_date, address="192.0.2.7")
            begun = perf_counter()
            found = prove_by_number(notified=notified, number=tried, at=NOON)
            times[name].append(perf_counter() - begun)
            assert found is None
    medians = {name: median(found) for name, found in times.items()}
    assert max(medians.values()) - min(medians.values()) < WITHIN, medians
