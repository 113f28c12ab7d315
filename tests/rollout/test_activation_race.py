"""Activation against the opening job, an opposition and itself, on real connections (REL-09, REL-21)."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from apps.rollout.jobs.first_sign_in import note_sign_in
from apps.rollout.jobs.openings import open_spaces
from apps.rollout.models import Channel, EligiblePerson, Opposition, PersonTransition
from apps.rollout.services.activating import Acting, ActivationRefusedError, Fault, activate
from apps.rollout.services.wishes import CodeEndedError
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import racing

pytestmark = pytest.mark.django_db(transaction=True)
State = EligiblePerson.State
PAIRS = 10


def activation(person, *, outcomes=None):
    acting = Acting(identity_id=person.pk, channel=Channel.ACCOUNT)

    def act():
        try:
            done = activate(person_id=person.pk, acting=acting, withdraws=False, at=NOON).outcome.value
        except ActivationRefusedError as error:
            done = error.fault.value
        if outcomes is not None:
            outcomes[person.pk] = done

    return act


def opposing(race, person):
    with suppress(CodeEndedError):  # the activation was first and has used the code up
        race.oppose(person, NOON)


def test_rel_21_two_activations_at_once_make_one_space():
    race = racing.line_up(PAIRS)
    for person in race.people:
        racing.together(activation(person), activation(person))

    assert HealthSpace.objects.count() == PAIRS
    steps = Counter(PersonTransition.objects.filter(to_state=State.OPEN_ACTIVE).values_list("person_id", flat=True))
    assert set(steps.values()) == {1}
    assert len(steps) == PAIRS


def test_rol_21_the_opening_job_and_an_activation_make_one_active_space():
    race = racing.line_up(PAIRS)
    for person in race.people:
        racing.together(activation(person), lambda: open_spaces(at=NOON))
        # Whichever came first, a second click finds everything done.
        activation(person)()

    assert HealthSpace.objects.count() == PAIRS
    assert set(EligiblePerson.objects.values_list("state", flat=True)) == {State.OPEN_ACTIVE}
    assert not HealthSpace.objects.filter(account_activated_at=None).exists()


def test_rel_09_an_opposition_and_an_activation_never_both_win():
    race, outcomes = racing.line_up(PAIRS), {}
    for person in race.people:
        racing.together(activation(person, outcomes=outcomes), lambda person=person: opposing(race, person))

    spaces = set(HealthSpace.objects.values_list("identity_id", flat=True))
    standing = set(Opposition.objects.filter(withdrawn_at=None).values_list("person_id", flat=True))
    assert spaces & standing == set()
    assert spaces | standing == {person.pk for person in race.people}
    for person_id, outcome in outcomes.items():
        assert outcome == ("active" if person_id in spaces else Fault.OPPOSED.value)


def test_rel_21_a_first_sign_in_and_an_activation_are_one():
    race = racing.line_up(PAIRS)
    EligiblePerson.objects.update(window_ends_at=NOON - timedelta(days=1))
    open_spaces(at=NOON - timedelta(hours=1))
    for person in race.people:
        factories.user(person=person.identity)
        racing.together(activation(person), lambda person=person: note_sign_in(identity_id=person.pk, at=NOON))

    assert PersonTransition.objects.filter(to_state=State.OPEN_ACTIVE).count() == PAIRS
    assert set(HealthSpace.objects.values_list("account_activated_at", flat=True)) == {NOON}
