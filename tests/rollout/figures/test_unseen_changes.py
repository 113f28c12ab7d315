"""Nobody changes a state behind the journal without the reconciliation seeing it (ROL-02, ROL-20)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from apps.rollout.figures import reconcile
from apps.rollout.models import EligiblePerson, Opposition
from apps.spaces.models import HealthSpace
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths
from tests.rollout.figures.paths import State

pytestmark = pytest.mark.django_db

MADE: dict[str, Callable[[], EligiblePerson]] = {
    "eligible": lambda: factories.person(wave=factories.opening_wave()),
    "queued": lambda: paths.queued_with_notice(wave=factories.opening_wave()),
    "sent": lambda: paths.sent(wave=factories.opening_wave()),
    "open": lambda: paths.opened(wave=factories.opening_wave()),
    "opposed": lambda: paths.opposed(wave=factories.opening_wave()),
    "failed": lambda: paths.step(paths.sent(wave=factories.opening_wave()), State.OPEN_FAILED, reason="23505"),
    "dead": lambda: paths.step(paths.dead(paths.sent(wave=factories.opening_wave())), State.NOT_OPENED_DEATH),
}
FORGED = [(made, state) for made in MADE for state in State]


@pytest.mark.parametrize("made", MADE)
def test_people_brought_there_by_the_product_agree(made):
    MADE[made]()

    assert reconcile() == []


@pytest.mark.parametrize(("made", "state"), FORGED)
def test_every_forged_state_is_found_with_its_person(made, state):
    who = MADE[made]()
    if state == who.state:
        return
    window = {"notice_sent_at": NOON, "window_ends_at": NOON}
    EligiblePerson.objects.filter(pk=who.pk).update(state=state, state_reason="forged", **window)

    found = reconcile(who.wave_id)

    assert {difference.example for difference in found} == {who.pk}
    assert "state-without-transition" in {difference.code for difference in found}


def test_a_space_that_vanished_is_found():
    who = paths.opened(wave=factories.opening_wave())
    HealthSpace.objects.filter(identity_id=who.pk).delete()

    assert [(one.code, one.example) for one in reconcile()] == [("opened/waiting", who.pk)]


def test_a_space_that_nobody_opened_is_found():
    who = paths.sent(wave=factories.opening_wave())
    HealthSpace.objects.create(identity=who.identity, opened_at=NOON)

    assert [(one.code, one.example) for one in reconcile()] == [("waiting/opened", who.pk)]


def test_an_opposition_that_was_ended_without_a_step_is_found():
    who = paths.opposed(wave=factories.opening_wave())
    Opposition.objects.filter(person=who).update(withdrawn_at=NOON)

    assert [(one.code, one.example) for one in reconcile()] == [("opposed/waiting", who.pk)]


def test_an_opposition_that_moved_nobody_is_found():
    who = paths.sent(wave=factories.opening_wave())
    paths.oppose(who)

    assert [(one.code, one.example) for one in reconcile()] == [("waiting/opposed", who.pk)]


def test_a_death_that_moved_nobody_is_found():
    who = paths.dead(paths.sent(wave=factories.opening_wave()))

    assert [(one.code, one.example) for one in reconcile()] == [("waiting/dead", who.pk)]
