"""SEC-06: misses of an activation cost the same work; benchmarks/opposition.py measures their time."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.rollout.services.proving import Notified, prove_by_number
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = pytest.mark.django_db
UNKNOWN = "K7MF3QXT9BRD"


@pytest.fixture(autouse=True)
def _no_limits(settings):
    cache.clear()
    many = (100_000, 3600)
    names = ("opposition_address", "opposition_everybody", "activation_number")
    settings.LIMITS = {**settings.LIMITS, **dict.fromkeys(names, many)}


def test_sec_06_misses_of_an_activation_do_the_same_work():
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
    work = {}
    for name, (typed, birth_date, tried) in misses.items():
        notified = Notified(code=typed, birth_date=birth_date, address="192.0.2.7")
        with CaptureQueriesContext(connection) as queries:
            assert prove_by_number(notified=notified, number=tried, at=NOON) is None
        work[name] = len(queries)
    assert len(set(work.values())) == 1, work
