"""Each statement of the reconciliation, broken once by hand and found with its example."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from apps.common.ids import uuid7
from apps.rollout.figures import Difference, reconcile
from apps.rollout.figures.differences import STATEMENTS
from apps.rollout.models import Conflict, EligiblePerson, Notice, Wave
from apps.spaces.models import HealthSpace
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths
from tests.rollout.figures.paths import State

pytestmark = pytest.mark.django_db


def codes(wave_id: UUID | None = None) -> set[str]:
    return {difference.code for difference in reconcile(wave_id)}


def found(code: str) -> Difference:
    return next(difference for difference in reconcile() if difference.code == code)


def test_an_empty_register_agrees():
    assert reconcile() == []


def test_a_register_that_agrees_has_no_differences():
    wave = factories.opening_wave()
    factories.person()
    paths.queued_with_notice(wave=wave)
    paths.sent(wave=wave)
    paths.opened(wave=wave)
    paths.opposed(wave=wave)
    paths.step(paths.sent(wave=wave), State.OPEN_FAILED, reason="number-taken")
    paths.step(paths.dead(paths.sent(wave=wave)), State.NOT_OPENED_DEATH)

    assert reconcile() == []
    assert reconcile(wave.pk) == []


def test_a_difference_reads_as_one_line():
    wave = factories.opening_wave()
    who = paths.step(paths.sent(wave=wave), State.OPEN)

    assert [str(line) for line in reconcile(wave.pk)] == [f"opened/waiting: 1 ({who.pk})"]


def test_rel_09_a_space_opened_after_a_standing_opposition():
    wave = factories.opening_wave()
    who = paths.opened(wave=wave)
    paths.oppose(who, at=paths.OPENED - timedelta(days=1))

    assert found("opposed-then-opened") == Difference(code="opposed-then-opened", count=1, example=who.pk)


def test_rel_09_an_opposition_of_the_instant_of_the_opening_counts():
    who = paths.opened(wave=factories.opening_wave())
    paths.oppose(who, at=paths.OPENED)

    assert "opposed-then-opened" in codes()


def test_rel_09_a_withdrawn_opposition_lets_the_space_open():
    wave = factories.opening_wave()
    who = paths.opened(wave=wave)
    paths.oppose(who, at=paths.OPENED - timedelta(days=2), withdrawn_at=paths.OPENED - timedelta(days=1))

    assert reconcile() == []


def test_spa_21_silence_opens_in_spite_of_the_first_opposition():
    who = paths.opposed(
        at=paths.OPENED - timedelta(days=1), to=State.OPPOSED_DMP_KEPT, wave=factories.opening_wave(), had_dmp=True
    )
    paths.step(who, State.OPEN, at=paths.OPENED)
    HealthSpace.objects.create(identity=who.identity, opened_at=paths.OPENED)

    assert reconcile() == []


def test_rol_20_a_state_that_no_transition_explains():
    who = factories.person()
    EligiblePerson.objects.filter(pk=who.pk).update(state="NOT_ELIGIBLE")

    assert found("state-without-transition").example == who.pk


def test_spa_03_a_window_without_a_notice():
    who = paths.sent()
    Notice.objects.filter(person=who).update(state="cancelled", ended_at=NOON)

    assert codes() == {"sent-without-notice"}


def test_spa_03_an_uncertain_notice_is_one():
    who = paths.sent()
    Notice.objects.filter(person=who).update(state="uncertain")

    assert reconcile() == []


def test_somebody_queued_whom_no_notice_waits_for_is_forgotten():
    who = paths.queued()

    assert found("queued-without-notice").example == who.pk


def test_rol_14_an_opening_before_day_43():
    wave = factories.opening_wave()
    who = paths.opened(wave=wave)
    EligiblePerson.objects.filter(pk=who.pk).update(window_ends_at=paths.OPENED + timedelta(seconds=1))

    assert codes() == {"opened-before-the-end"}
    EligiblePerson.objects.filter(pk=who.pk).update(window_ends_at=paths.OPENED)
    assert reconcile() == []


def test_spa_08_who_asked_for_the_opening_does_not_wait_for_the_end():
    who = paths.step(paths.sent(at=NOON - timedelta(days=2)), State.OPENING_ASKED)
    paths.step(who, State.OPEN)
    HealthSpace.objects.create(identity=who.identity, opened_at=NOON)

    assert reconcile() == []


@pytest.mark.parametrize("waves", [list, lambda: [factories.wave()]], ids=["no wave", "wave nobody let open"])
def test_sec_21_an_opening_that_two_people_did_not_allow(waves):
    paths.opened(wave=next(iter(waves()), None))

    assert codes() == {"opened-without-approval"}


def test_everybody_is_done_in_a_closed_wave():
    wave = factories.opening_wave()
    paths.opened(wave=wave)
    paths.opposed(wave=wave)
    factories.person(wave=wave, hold=EligiblePerson.Hold.NO_REPRESENTATIVE)
    left = paths.sent(wave=wave)
    Wave.objects.filter(pk=wave.pk).update(state="closed", closed_at=NOON)

    assert found("waiting-in-a-closed-wave") == Difference(code="waiting-in-a-closed-wave", count=1, example=left.pk)


def test_decisions_7_two_requests_that_contradict_hold_the_opening():
    who = paths.opposed()
    conflict = Conflict.objects.create(person=who, opposition=who.oppositions.get(), opened_at=NOON)
    assert codes() == {"conflict-not-held"}

    EligiblePerson.objects.filter(pk=who.pk).update(hold="conflict")
    assert reconcile() == []
    assert conflict.outcome == ""


def test_people_come_from_an_import_that_is_known():
    who = factories.person()
    EligiblePerson.objects.filter(pk=who.pk).update(first_run_id=uuid7())

    assert codes() == {"from-an-unknown-import"}


def test_an_import_brings_no_more_people_than_it_took_lines():
    imported = factories.run(read=3, accepted=2, refused=1)
    factories.person(run=imported)
    factories.person(run=imported)
    assert reconcile() == []

    factories.person(run=imported)
    assert reconcile() == [Difference(code="more-people-than-lines", count=1, example=imported.pk)]


def test_the_differences_of_one_wave_are_those_of_its_people():
    wave = factories.wave()
    paths.queued_with_notice(wave=wave)
    paths.queued(wave=factories.wave())

    assert codes(wave.pk) == set()
    assert codes() == {"queued-without-notice"}


@pytest.mark.parametrize("people", [1, 20])
def test_the_number_of_queries_does_not_follow_the_people(people, django_assert_num_queries):
    for _ in range(people):
        paths.queued()

    with django_assert_num_queries(1 + len(STATEMENTS) + 1):
        reconcile()
