"""SPA-53, SEC-05: the time of an answer does not tell whether a number belongs to somebody (decisions 34)."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import pytest

from apps.spaces.services import finding
from tests import factories
from tests.harness.clock import NOON
from tests.spaces.delegates import helper, holder_actor, terms, traits_of

pytestmark = pytest.mark.django_db
TIMES, CLASS = 200, 0.005


def test_spa_53_misses_of_any_kind_take_the_same_time():
    space = factories.space()
    actor, known = holder_actor(space), helper().identity
    misses = {
        "nobody": traits_of(known, ins_number="2751263220749"),
        "no account": traits_of(factories.identity()),
        "other first name": traits_of(known, first_name="DIANA"),
        "other birth date": traits_of(known, birth_date="1984-06-15"),
    }

    spent: dict[str, list[float]] = {name: [] for name in misses}
    for _ in range(TIMES):
        for name, traits in misses.items():
            start = perf_counter()
            assert finding.search_person(actor=actor, traits=traits, terms=terms(), at=NOON) is None
            spent[name].append(perf_counter() - start)

    medians = [median(times) for times in spent.values()]
    assert max(medians) - min(medians) < CLASS, spent.keys()
