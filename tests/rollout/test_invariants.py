"""`manage.py check_invariants` runs the reconciliation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.common.invariants import findings, names
from apps.rollout.figures.differences import STATEMENTS
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths
from tests.rollout.figures.paths import State

pytestmark = pytest.mark.django_db


def broken() -> dict[str, int]:
    return {found.name: found.count for found in findings(at=NOON) if found.name.startswith("rollout.") and found.count}


def test_every_statement_is_a_check():
    mine = {name for name in names() if name.startswith("rollout.")}

    assert mine >= {f"rollout.{code.replace('-', '_')}" for code in STATEMENTS}
    assert mine >= {"rollout.states_against_facts", "rollout.more_people_than_lines"}


def test_a_register_that_agrees_breaks_nothing():
    paths.opened(wave=factories.opening_wave())
    paths.opposed()

    assert broken() == {}


def test_rel_09_an_opening_after_an_opposition_is_found():
    who = paths.opened(wave=factories.opening_wave())
    paths.oppose(who, at=paths.OPENED - timedelta(days=1))

    assert broken() == {"rollout.opposed_then_opened": 1}


def test_an_opening_without_a_space_is_found():
    wave = factories.opening_wave()
    for _ in range(2):
        paths.step(paths.sent(wave=wave), State.OPEN)

    assert broken() == {"rollout.states_against_facts": 2}


def test_an_import_with_more_people_than_lines_is_found():
    factories.person(run=factories.run(read=0, accepted=0))

    assert broken() == {"rollout.more_people_than_lines": 1}
