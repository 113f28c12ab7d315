"""The opening of a wave (RO-07): a trial that counts everybody once, and two people (SEC-20)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.access import SYSTEM, AccessDeniedError
from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.ids import uuid7
from apps.rollout.models import EligiblePerson, Wave, WaveEvent
from apps.rollout.services import errors, letting_open
from apps.rollout.services.errors import SamePersonError, UnknownWaveError, WrongStateError
from tests import factories as people
from tests.factories import at_work
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
NONE = dict.fromkeys(letting_open.Trial.__dataclass_fields__, 0)


@pytest.fixture
def wave():
    return factories.wave()


def counted(wave, **numbers) -> bool:
    return letting_open.trial(wave=wave, at=NOON) == letting_open.Trial(**{**NONE, **numbers})


def sent(wave, *, ends_at=NOON - timedelta(days=1), **values) -> EligiblePerson:
    """Somebody who was written to, whose window ended then."""
    return factories.person(
        wave=wave, state="NOTICE_SENT", notice_sent_at=NOON - timedelta(days=50), window_ends_at=ends_at, **values
    )


class TestTrial:
    def test_nobody(self, wave):
        assert counted(wave)

    @pytest.mark.parametrize(("seconds", "name"), [(0, "due"), (-1, "due"), (1, "later")])
    def test_rol_14_due_from_the_first_instant_after_the_window(self, wave, seconds, name):
        sent(wave, ends_at=NOON + timedelta(seconds=seconds))
        assert counted(wave, **{name: 1})

    @pytest.mark.parametrize("state", ["ELIGIBLE", "NOTICE_QUEUED", "NOTICE_FAILED"])
    def test_without_a_notice_not_yet(self, wave, state):
        factories.person(wave=wave, state=state)
        assert counted(wave, later=1)

    @pytest.mark.parametrize(
        ("hold", "name"),
        [
            ("returned", "returned"),
            ("conflict", "conflicts"),
            ("claim", "claims"),
            ("no-representative", "without_representative"),
        ],
    )
    def test_held_people_are_counted_by_their_reason(self, wave, hold, name):
        sent(wave, hold=hold)
        assert counted(wave, **{name: 1})

    def test_doubles_wait_whatever_else_holds_them(self, wave):
        sent(wave, double_of=people.identity(), hold="conflict")
        assert counted(wave, doubles=1)

    @pytest.mark.parametrize(
        ("hold", "name"),
        [
            ("", "due"),
            ("returned", "due"),
            ("no-representative", "due"),
            ("conflict", "conflicts"),
            ("claim", "claims"),
        ],
    )
    def test_spa_10_who_asked_waits_for_no_window_and_no_letter(self, wave, hold, name):
        factories.person(wave=wave, state="OPENING_ASKED", hold=hold)
        assert counted(wave, **{name: 1})

    @pytest.mark.parametrize(
        ("state", "name"),
        [
            ("OPPOSED", "opposed"),
            ("OPPOSED_DMP_KEPT", "opposed"),
            ("NOT_OPENED_DEATH", "dead"),
            ("NOT_ELIGIBLE", "not_eligible"),
            ("OPEN_FAILED", "failed"),
            ("OPEN", "opened"),
            ("OPEN_ACTIVE", "opened"),
        ],
    )
    def test_what_is_over(self, wave, state, name):
        factories.person(wave=wave, state=state, state_reason="x")
        assert counted(wave, **{name: 1})

    def test_spa_36_a_death_that_the_register_knows_already(self, wave):
        sent(wave, identity=people.identity(died_on=date(2026, 11, 1)))
        assert counted(wave, dead=1)

    def test_everybody_stands_in_exactly_one_count(self, wave):
        doubles = [None, people.identity()]
        rows = [
            factories.person(
                wave=wave,
                state=state,
                state_reason="x",
                hold=hold,
                double_of=double,
                notice_sent_at=NOON,
                window_ends_at=NOON,
                identity=people.identity(died_on=date(2026, 11, 1) if dead else None),
            )
            for state in EligiblePerson.State
            for hold in ("", *EligiblePerson.Hold)
            for double in doubles
            for dead in (False, True)
        ]
        made = letting_open.trial(wave=wave, at=NOON)
        assert made.people == len(rows) == 240

    def test_other_waves_do_not_count(self, wave):
        sent(factories.wave())
        assert counted(wave)

    def test_one_query(self, wave, django_assert_num_queries):
        sent(wave)
        with django_assert_num_queries(1):
            letting_open.trial(wave=wave, at=NOON)


class TestTwoPeople:
    def ask(self, user, wave) -> Wave:
        return letting_open.ask_opening(actor=at_work(user), wave_id=wave.id, at=NOON)

    def approve(self, user, wave) -> Wave:
        return letting_open.approve_opening(actor=at_work(user), wave_id=wave.id, at=NOON)

    def test_sec_20_one_asks_another_approves(self, wave, nadia, viktor):
        sent(wave)
        assert not self.ask(nadia, wave).may_open
        assert self.approve(viktor, wave).may_open
        kinds = WaveEvent.objects.filter(wave=wave).values_list("kind", "actor")
        assert sorted(kinds, reverse=True) == [("ask-opening", str(nadia.pk)), ("approve-opening", str(viktor.pk))]
        line = events_of(PLATFORM_SCOPE).get(action="rollout.wave.approve_opening")
        assert (line.target, line.facts) == (f"wave:{wave.id}", {"wave": wave.number, "due": 1})

    def test_sec_20_who_asked_does_not_approve(self, wave, viktor):
        self.ask(viktor, wave)
        with pytest.raises(SamePersonError):
            self.approve(viktor, wave)

    def test_sec_20_the_database_refuses_it_too(self, wave, viktor):
        self.ask(viktor, wave)
        with pytest.raises(IntegrityError, match="two_people_open"), transaction.atomic():
            Wave.objects.filter(pk=wave.pk).update(opening_approved_by=viktor, opening_approved_at=NOON)
        with pytest.raises(IntegrityError, match="two_people_open"), transaction.atomic():
            Wave.objects.filter(pk=wave.pk).update(opening_asked_by=None, opening_approved_by=viktor)

    def test_nobody_asked(self, wave, viktor):
        with pytest.raises(errors.NotAskedError):
            self.approve(viktor, wave)

    def test_twice_is_once(self, wave, nadia, viktor):
        other = people.staff(StaffRole.APPROVER)
        for user in (nadia, other):
            assert self.ask(user, wave).opening_asked_by == nadia
        for user in (viktor, other):
            assert self.approve(user, wave).opening_approved_by == viktor
        assert WaveEvent.objects.count() == 2

    @pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
    def test_not_for_a_wave_that_does_nothing(self, nadia, viktor, state):
        values = {"closed_at": NOON} if state == "closed" else {}
        wave = factories.wave(state=state, **values)
        for act in (self.ask, self.approve):
            with pytest.raises(WrongStateError):
                act(viktor, wave)

    def test_an_unknown_wave(self, viktor):
        with pytest.raises(UnknownWaveError):
            letting_open.ask_opening(actor=at_work(viktor), wave_id=uuid7(), at=NOON)

    def test_sec_20_no_job_lets_a_wave_open(self, wave):
        for act in (letting_open.ask_opening, letting_open.approve_opening):
            with pytest.raises(AccessDeniedError):
                act(actor=SYSTEM, wave_id=wave.id, at=NOON)
