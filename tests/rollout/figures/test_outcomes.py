"""The two ways of telling what became of people, side by side."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from apps.rollout.figures.outcomes import Cell, Outcome, cells, disagreements
from apps.rollout.models import Conflict, EligiblePerson, Notice
from apps.spaces.models import HealthSpace
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths
from tests.rollout.figures.paths import State

pytestmark = pytest.mark.django_db
Hold = EligiblePerson.Hold


def told(found: list[Cell]) -> Counter[tuple[str, str, str]]:
    """(by the states, detail, by the facts) → people."""
    return Counter({(cell.by_state.value, cell.detail, cell.by_fact.value): cell.people for cell in found})


def test_everybody_stands_in_exactly_one_line_and_both_ways_agree():
    wave = factories.opening_wave()
    factories.person(wave=wave)
    paths.queued(wave=wave)
    paths.sent(wave=wave)
    for _ in range(3):
        paths.opened(wave=wave)
    for _ in range(2):
        paths.opposed(wave=wave)
    paths.step(paths.sent(wave=wave), State.OPEN_FAILED, reason="number-taken")
    paths.step(paths.dead(paths.sent(wave=wave)), State.NOT_OPENED_DEATH)
    paths.step(paths.sent(wave=wave), State.NOT_ELIGIBLE, reason="left")
    factories.person(wave=wave, hold=Hold.NO_REPRESENTATIVE)

    assert told(cells(wave.pk)) == {
        ("waiting", "ELIGIBLE", "waiting"): 1,
        ("waiting", "NOTICE_QUEUED", "waiting"): 1,
        ("waiting", "NOTICE_SENT", "waiting"): 1,
        ("opened", "OPEN", "opened"): 3,
        ("opposed", "OPPOSED", "opposed"): 2,
        ("failed", "number-taken", "failed"): 1,
        ("dead", "NOT_OPENED_DEATH", "dead"): 1,
        ("not-eligible", "NOT_ELIGIBLE", "not-eligible"): 1,
        ("held", "no-representative", "held"): 1,
    }
    assert disagreements(cells(wave.pk)) == {}


def test_waves_are_told_apart_and_people_without_one_are_not_lost():
    first, second = factories.wave(), factories.wave()
    factories.person(wave=first)
    factories.person(wave=second)
    factories.person(wave=second)
    factories.person()

    assert [cell.people for cell in cells(first.pk)] == [1]
    assert [cell.people for cell in cells(second.pk)] == [2]
    assert {cell.wave_id: cell.people for cell in cells()} == {first.pk: 1, second.pk: 2, None: 1}


def test_spa_36_a_space_closed_by_death_was_opened():
    who = paths.dead(paths.opened(space={"status": "closed", "closed_at": NOON, "closure_reason": "death"}))

    assert told(cells()) == {("opened", "OPEN", "opened"): 1}
    assert cells()[0].example == who.pk


def test_spa_30_a_space_that_its_holder_closed_was_opened():
    paths.opened(space={"status": "closed", "closed_at": NOON, "closure_reason": "holder"})

    assert told(cells()) == {("opened", "OPEN", "opened"): 1}


def test_rol_14_a_late_entered_opposition_counts_as_opposed():
    who = paths.opened(space={"status": "closed", "closed_at": NOON, "closure_reason": "late-opposition"})
    paths.step(who, State.OPPOSED)
    paths.oppose(who, received_at=paths.OPENED - timedelta(days=2), closed_space=True)

    assert told(cells()) == {("opposed", "OPPOSED", "opposed"): 1}


def test_spa_10_after_a_change_of_mind_the_person_waits_again():
    who = paths.opposed(opposition={"withdrawn_at": NOON, "withdrawn_channel": "online"})
    paths.step(who, State.OPENING_ASKED)

    assert told(cells()) == {("waiting", "OPENING_ASKED", "waiting"): 1}


def test_spa_21_a_refusal_that_keeps_a_dmp_is_opposed_and_ends_by_silence():
    paths.opposed(to=State.OPPOSED_DMP_KEPT, had_dmp=True)
    silent = paths.opposed(at=paths.OPENED - timedelta(days=3), to=State.OPPOSED_DMP_KEPT, had_dmp=True)
    paths.step(silent, State.OPEN, at=paths.OPENED)
    space = HealthSpace.objects.create(identity=silent.identity, opened_at=paths.OPENED)

    assert told(cells()) == {
        ("opposed", "OPPOSED_DMP_KEPT", "opposed"): 1,
        ("opened", "OPEN", "opened"): 1,
    }

    # The holder closes it later: the refusal of before does not come back.
    HealthSpace.objects.filter(pk=space.pk).update(status="closed", closed_at=NOON, closure_reason="holder")
    assert told(cells())["opened", "OPEN", "opened"] == 1


def test_spa_48_the_notice_at_18_runs_beside_the_open_space():
    who = paths.step(paths.opened(), State.NOTICE_QUEUED)

    assert told(cells()) == {("opened", "NOTICE_QUEUED", "opened"): 1}
    assert cells()[0].example == who.pk


def test_spa_36_deaths_of_people_who_opposed_or_left_agree_either_way():
    paths.dead(paths.opposed())
    paths.step(paths.dead(paths.opposed()), State.NOT_OPENED_DEATH)
    paths.dead(paths.step(paths.sent(), State.NOT_ELIGIBLE))

    assert told(cells()) == {
        ("opposed", "OPPOSED", "opposed"): 1,
        ("dead", "NOT_OPENED_DEATH", "dead"): 1,
        ("not-eligible", "NOT_ELIGIBLE", "not-eligible"): 1,
    }


def test_holds_are_told_by_their_facts():
    factories.person(hold=Hold.RETURNED)
    returned = paths.sent(hold=Hold.RETURNED)
    Notice.objects.filter(person=returned).update(state="returned", ended_at=NOON)
    paths.step(returned, State.NOTICE_FAILED)
    torn = paths.opposed(opposition={"withdrawn_at": NOON})
    paths.step(torn, State.OPENING_ASKED, hold=Hold.CONFLICT)
    Conflict.objects.create(person=torn, opposition=torn.oppositions.get(), opened_at=NOON)
    factories.person(double_of=factories.person().identity)

    assert told(cells()) == {
        ("held", "returned", "waiting"): 1,  # no notice ever came back: the hold has no reason
        ("held", "returned", "held"): 1,
        ("held", "conflict", "held"): 1,
        ("held", "double", "held"): 1,
        ("waiting", "ELIGIBLE", "waiting"): 1,
    }


def test_disagreements_name_the_pair_and_keep_an_example():
    lost = paths.sent()
    paths.step(lost, State.OPEN)  # and no space
    paths.dead(paths.sent())

    pairs = disagreements(cells())

    assert set(pairs) == {(Outcome.OPENED, Outcome.WAITING), (Outcome.WAITING, Outcome.DEAD)}
    assert pairs[Outcome.OPENED, Outcome.WAITING][0].example == lost.pk
