"""People who opposed although they had a DMP: silence opens once a decree says when (SPA-21)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from apps.common.dates import PARIS
from apps.rollout import services
from apps.rollout.models import EligiblePerson, Notice, Opposition, PersonTransition
from apps.rollout.window import kept_before
from apps.spaces.models import HealthSpace
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.test_jobs_due import opposition, state_of

pytestmark = pytest.mark.django_db
State = EligiblePerson.State
RECEIVED = datetime(2026, 9, 1, 15, tzinfo=PARIS)
OVER = datetime(2026, 10, 2, tzinfo=PARIS)  # thirty days after 1 September, the whole last day included


def kept(**values):
    who = factories.person(state=State.OPPOSED_DMP_KEPT, had_dmp=True, wave=factories.opening_wave())
    opposition(who, received_at=RECEIVED, entered_at=RECEIVED, **values)
    factories.asked_to_confirm(who, at=RECEIVED)
    return who


@pytest.fixture
def thirty_days(settings):
    settings.DMP_TRANSITION_DAYS = 30


def test_spa_21_nobody_is_opened_by_silence_before_a_decree_says_when(settings):
    kept()
    assert settings.DMP_TRANSITION_DAYS is None
    assert kept_before(NOON) is None
    assert services.open_spaces(at=NOON + timedelta(days=10_000)).opened == 0


def test_spa_21_silence_opens_at_the_end_of_the_transition(thirty_days):
    who = kept()

    assert services.open_spaces(at=OVER - timedelta(microseconds=1)).opened == 0
    assert services.open_spaces(at=OVER).opened == 1
    assert state_of(who) == State.OPEN
    assert HealthSpace.objects.get().opening_rule == PersonTransition.objects.get().rule == "SPA-21"


@pytest.mark.parametrize("values", [{"state": "prepared", "sent_at": None}, {"state": "returned"},
                                    {"prepared_at": RECEIVED - timedelta(days=1)}])  # fmt: skip
def test_spa_21_silence_opens_nobody_who_was_not_asked(thirty_days, values):
    kept()
    Notice.objects.update(**values)

    assert services.open_spaces(at=OVER + timedelta(days=10_000)).opened == 0
    Notice.objects.all().delete()
    assert services.open_spaces(at=OVER + timedelta(days=10_000)).opened == 0


def test_rel_09_the_opposition_that_nobody_confirmed_lapses_with_the_opening(thirty_days):
    kept()
    services.open_spaces(at=OVER)

    row = Opposition.objects.get()
    assert (row.withdrawn_at, row.withdrawn_channel, row.received_at) == (OVER, "", RECEIVED)


def test_spa_21_a_confirmed_opposition_stands(thirty_days):
    who = kept(confirmed_at=RECEIVED)

    assert services.open_spaces(at=OVER).opened == 0
    assert state_of(who) == State.OPPOSED_DMP_KEPT


def test_spa_21_a_wave_that_two_people_did_not_let_open_waits(thirty_days):
    who = kept()
    EligiblePerson.objects.filter(pk=who.pk).update(wave=factories.wave())
    assert services.open_spaces(at=OVER).opened == 0


def test_an_opposition_of_somebody_without_a_dmp_never_lapses(thirty_days):
    who = kept()
    EligiblePerson.objects.filter(pk=who.pk).update(state=State.OPPOSED)
    assert services.open_spaces(at=OVER + timedelta(days=10_000)).opened == 0
    assert Opposition.objects.get().withdrawn_at is None
