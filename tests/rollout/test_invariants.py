"""`manage.py check_invariants` runs the reconciliation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from apps.common.ids import uuid7
from apps.common.invariants import findings, names
from apps.rollout.figures.differences import STATEMENTS
from apps.rollout.models import Conflict, EligiblePerson, Notice, NoticeCode, Wave
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


def change(who: EligiblePerson, **values: object) -> None:
    EligiblePerson.objects.filter(pk=who.pk).update(**values)


def _two_codes() -> None:
    """The database refuses this one: the check is for the day on which it does not."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX rollout_noticecode_one_live_a_person")
    who = paths.sent()
    NoticeCode.objects.create(person=who, mac=b"1" * 32, issued_at=NOON)


def _conflict() -> None:
    who = paths.opposed()
    Conflict.objects.create(person=who, opposition=who.oppositions.get(), opened_at=NOON)


def _left_in_a_closed_wave() -> None:
    wave = factories.opening_wave()
    paths.sent(wave=wave)
    Wave.objects.filter(pk=wave.pk).update(state="closed", closed_at=NOON)


BREAKS = {
    "rollout.opposed_then_opened": lambda: paths.oppose(paths.opened(wave=factories.opening_wave()), at=paths.OPENED),
    "rollout.state_without_transition": lambda: change(paths.opposed(), state="OPPOSED_DMP_KEPT"),
    "rollout.sent_without_notice": lambda: Notice.objects.filter(person=paths.sent()).update(state="failed"),
    "rollout.queued_without_notice": paths.queued,
    "rollout.opened_before_the_end": lambda: change(
        paths.opened(wave=factories.opening_wave()), window_ends_at=paths.OPENED + timedelta(seconds=1)
    ),
    "rollout.opened_without_approval": lambda: paths.opened(wave=factories.wave()),
    "rollout.waiting_in_a_closed_wave": _left_in_a_closed_wave,
    "rollout.several_live_codes": _two_codes,
    "rollout.conflict_not_held": _conflict,
    "rollout.from_an_unknown_import": lambda: change(factories.person(), first_run_id=uuid7()),
    "rollout.more_people_than_lines": lambda: factories.person(run=factories.run(read=0, accepted=0)),
    "rollout.states_against_facts": lambda: paths.step(paths.sent(wave=factories.opening_wave()), State.OPEN),
}


@pytest.mark.parametrize("name", sorted(name for name in names() if name.startswith("rollout.")))
def test_each_check_finds_what_it_promises_and_only_that(name):
    BREAKS[name]()

    assert broken() == {name: 1}


def test_an_opening_without_a_space_is_found():
    wave = factories.opening_wave()
    for _ in range(2):
        paths.step(paths.sent(wave=wave), State.OPEN)

    assert broken() == {"rollout.states_against_facts": 2}


def test_an_import_with_more_people_than_lines_is_found():
    factories.person(run=factories.run(read=0, accepted=0))

    assert broken() == {"rollout.more_people_than_lines": 1}
