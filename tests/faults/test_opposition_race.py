"""REL-09: a thousand pairs of opposition and opening on the same person, and a thousand in a crowd: 0 violations."""

from __future__ import annotations

import pytest

from apps.rollout.jobs import opening
from tests.rollout import racing

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
PAIRS = 1_000


def test_rel_09_a_thousand_pairs_of_opposition_and_opening(record_race):
    race = racing.line_up(PAIRS)
    racing.in_pairs(race, seed=2)

    record_race("pairs of opposition and opening", race)
    assert racing.violations(race) == 0
    # Both orders came up, or the race says nothing.
    assert min(len(race.receipts), len(race.too_late)) > PAIRS // 20


def test_rel_09_a_thousand_oppose_while_everybody_is_opened(record_race, monkeypatch):
    monkeypatch.setattr(opening, "SLICE", 20)
    race = racing.line_up(PAIRS)
    racing.in_a_crowd(race, seed=2)

    record_race("a thousand in a crowd", race)
    assert racing.violations(race) == 0
    assert race.receipts
