"""Opposition beats opening: the small race; a thousand pairs are `make faults` (REL-09, decisions 34)."""

from __future__ import annotations

import pytest

from apps.rollout.jobs import opening
from apps.rollout.jobs.openings import open_spaces
from apps.rollout.models import EligiblePerson
from tests.harness.clock import NOON
from tests.rollout import racing

pytestmark = pytest.mark.django_db(transaction=True)
State = EligiblePerson.State


def test_rel_09_twenty_pairs_of_opposition_and_opening():
    race = racing.line_up(20)
    racing.in_pairs(race, seed=1)

    assert racing.violations(race) == 0
    assert len(race.receipts) + len(race.too_late) == 20


def test_rel_09_oppositions_while_everybody_is_opened(monkeypatch):
    monkeypatch.setattr(opening, "SLICE", 3)
    race = racing.line_up(20)
    racing.in_a_crowd(race, seed=1)

    assert racing.violations(race) == 0
    assert len(race.receipts) + len(race.too_late) == 20


def test_rel_09_the_check_sees_a_violation():
    race = racing.line_up(2)
    open_spaces(at=NOON)
    race.receipts = {person.pk for person in race.people}
    assert racing.violations(race) == 2
