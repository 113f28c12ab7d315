"""Who is due for the opening and who is not (ROL-14, SPA-03, SPA-08, SPA-10)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from apps.common.dates import PARIS
from apps.common.ids import uuid7
from apps.rollout import services
from apps.rollout.jobs.opening import Opened
from apps.rollout.jobs.openings import open_asked, open_some
from apps.rollout.models import EligiblePerson, Opposition, PersonTransition, StopOrder, Wave
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
State, Hold = EligiblePerson.State, EligiblePerson.Hold
LONG_AGO = NOON - timedelta(days=50)


def waited(*, sent_at=LONG_AGO, **values):
    """Somebody whose notice left then, in a wave that may open."""
    who = factories.person(wave=values.pop("wave", None) or factories.opening_wave(), **values)
    factories.noticed(who, sent_at=sent_at)
    return who


def asked(**values):
    return factories.person(state=State.OPENING_ASKED, **values)


def opposition(who, **values):
    defaults = {
        "person": who, "reference": f"OPP-{uuid7().hex[-12:]}", "check_mac": b"0" * 32, "channel": "online",
        "capacity": "self", "received_at": LONG_AGO, "entered_at": LONG_AGO,
    }  # fmt: skip
    return Opposition.objects.create(**{**defaults, **values})


def state_of(who):
    who.refresh_from_db()
    return who.state


def opened(at=NOON):
    return services.open_spaces(at=at).opened


class TestWindow:
    # Notices of 14 September 2026 cross the end of summer time, those of 1 March its beginning.
    @pytest.mark.parametrize(
        ("sent_at", "day_43"),
        [
            (datetime(2026, 9, 14, 10, tzinfo=PARIS), date(2026, 10, 27)),
            (datetime(2026, 9, 12, 23, 59, 59, tzinfo=PARIS), date(2026, 10, 25)),  # the night of the change itself
            (datetime(2026, 3, 1, 0, 0, tzinfo=PARIS), date(2026, 4, 13)),
            (datetime(2026, 2, 14, 8, tzinfo=PARIS), date(2026, 3, 29)),
            (datetime(2028, 1, 18, 8, tzinfo=PARIS), date(2028, 3, 1)),  # with a 29 February
        ],
    )
    def test_rol_14_s28_nobody_is_opened_before_day_43_and_everybody_on_it(self, sent_at, day_43):
        who = waited(sent_at=sent_at)
        midnight = datetime(day_43.year, day_43.month, day_43.day, tzinfo=PARIS)

        assert opened(midnight - timedelta(microseconds=1)) == 0
        assert state_of(who) == State.NOTICE_SENT
        assert opened(midnight) == 1
        assert HealthSpace.objects.get().opened_at == midnight

    def test_spa_04_the_window_of_the_sending_that_counts_decides(self):
        who = waited()
        EligiblePerson.objects.filter(pk=who.pk).update(window_ends_at=NOON + timedelta(days=1))

        assert opened() == 0

    def test_rol_20_the_step_says_who_opened_under_which_rule(self):
        who = waited()
        opened()

        step = PersonTransition.objects.get(person_id=who.pk)
        assert (step.from_state, step.to_state, step.rule) == ("NOTICE_SENT", "OPEN", "SPA-03")
        assert (step.actor, step.at, step.wave_id) == ("rollout.open", NOON, who.wave_id)

    @pytest.mark.parametrize("state", sorted(set(State) - {State.NOTICE_SENT, State.OPENING_ASKED, State.OPEN_FAILED}))
    def test_no_other_state_is_opened_by_the_end_of_a_window(self, state):
        who = waited()
        EligiblePerson.objects.filter(pk=who.pk).update(state=state)

        assert opened() == 0
        assert not HealthSpace.objects.exists()


class TestWave:
    @pytest.mark.parametrize("state", [Wave.State.NOTIFYING, Wave.State.WINDOW])
    def test_sec_21_a_wave_that_two_people_did_not_let_open_waits(self, state):
        waited(wave=factories.wave(state=state))
        assert opened() == 0

    def test_sec_21_what_one_person_asked_for_is_not_let_open(self):
        wave = factories.wave(state=Wave.State.WINDOW)
        Wave.objects.filter(pk=wave.pk).update(opening_asked_by=wave.author, opening_asked_at=NOON)
        waited(wave=wave)
        assert opened() == 0

    def test_somebody_without_a_wave_waits(self):
        factories.noticed(factories.person(), sent_at=LONG_AGO)
        assert opened() == 0

    def test_rol_12_a_pause_stops_no_opening(self):
        waited(wave=factories.opening_wave(paused_at=NOON))
        assert opened() == 1

    def test_a_continuous_wave_opens_while_it_notifies(self):
        wave = factories.opening_wave(is_continuous=True)
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.NOTIFYING)
        waited(wave=wave)
        assert opened() == 1

    def test_a_cancelled_wave_opens_nobody(self):
        wave = factories.opening_wave()
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.CANCELLED)
        waited(wave=wave)
        assert opened() == 0

    def test_decisions_38_spaces_have_the_perimeter_of_their_wave(self):
        first = waited(wave=factories.opening_wave(services=["dmp"]))
        second = waited(wave=factories.opening_wave(services=["dmp", "mss", "store"]))
        third = asked()
        opened()

        services_of = dict(HealthSpace.objects.values_list("identity_id", "services"))
        assert services_of == {first.pk: ["dmp"], second.pk: ["dmp", "mss", "store"], third.pk: ["dmp", "mss"]}


class TestStop:
    def test_rel_10_the_stop_of_a_wave_holds_its_people_only(self):
        held, other = waited(), waited()
        StopOrder.objects.create(wave=held.wave, reason="x", ordered_by=held.wave.author, ordered_at=NOON)

        assert opened() == 1
        assert (state_of(held), state_of(other)) == (State.NOTICE_SENT, State.OPEN)

    def test_rel_10_the_big_stop_holds_everybody_until_two_people_lift_it(self):
        who = waited()
        asked()
        order = StopOrder.objects.create(reason="x", ordered_by=who.wave.author, ordered_at=NOON)
        assert opened() == 0
        assert open_asked(at=NOON).opened == 0

        StopOrder.objects.filter(pk=order.pk).update(
            restart_reason="y", restart_asked_by=who.wave.author, restart_asked_at=NOON, lifted_by=who.wave.approver,
            lifted_at=NOON,
        )  # fmt: skip
        assert opened() == 2

    def test_rel_10_a_stop_given_between_two_slices_halts_the_next_one(self, monkeypatch):
        monkeypatch.setattr("apps.rollout.jobs.opening.SLICE", 2)
        wave = factories.opening_wave()
        for _ in range(4):
            waited(wave=wave)

        def stop(progress):
            StopOrder.objects.get_or_create(reason="x", ordered_by=wave.author, ordered_at=NOON)

        assert services.open_spaces(at=NOON, progress=stop) == Opened(opened=2, already=0, not_opened=2)


class TestHold:
    @pytest.mark.parametrize("hold", Hold)
    def test_decisions_7_whoever_is_held_waits(self, hold):
        who = waited(hold=hold)
        assert opened() == 0
        EligiblePerson.objects.filter(pk=who.pk).update(hold="")
        assert opened() == 1

    def test_decisions_31_a_double_waits(self):
        waited(double_of=portal.identity())
        assert opened() == 0


class TestChecks:
    def test_rel_09_an_opposition_that_did_not_move_its_person_wins_all_the_same(self):
        who = waited()
        opposition(who)

        assert opened() == 0
        assert state_of(who) == State.NOTICE_SENT

    def test_an_opposition_that_was_withdrawn_holds_nobody(self):
        opposition(waited(), withdrawn_at=NOON)
        assert opened() == 1

    @pytest.mark.parametrize("state", [State.ELIGIBLE, State.NOTICE_SENT, State.OPPOSED, State.OPENING_ASKED])
    def test_spa_36_the_dead_are_moved_on_from_every_state_before_the_opening(self, state):
        who = waited(identity=portal.identity(died_on=date(2026, 1, 5)))
        EligiblePerson.objects.filter(pk=who.pk).update(state=state)

        assert services.open_spaces(at=NOON) == Opened(opened=0, already=0, not_opened=1)
        assert state_of(who) == State.NOT_OPENED_DEATH
        assert PersonTransition.objects.get().rule == "SPA-36"

    def test_spa_36_somebody_who_died_after_the_opening_keeps_the_state_of_the_register(self):
        who = waited()
        opened()
        who.identity.died_on = date(2026, 11, 25)
        who.identity.save()

        assert opened() == 0
        assert state_of(who) == State.OPEN


class TestAsked:
    def test_spa_10_who_asks_for_the_opening_waits_for_no_window_and_no_wave(self):
        who = asked()

        assert open_asked(at=NOON) == Opened(opened=1)
        assert state_of(who) == State.OPEN
        assert HealthSpace.objects.get().opening_rule == "SPA-10"
        assert PersonTransition.objects.get().rule == "SPA-10"

    def test_it_opens_nobody_else(self):
        waited()
        assert open_asked(at=NOON) == Opened(opened=0)

    @pytest.mark.parametrize(("hold", "number"), [("conflict", 0), ("claim", 0), ("returned", 1)])
    def test_decisions_7_a_contradiction_holds_them_too(self, hold, number):
        asked(hold=hold)
        assert open_asked(at=NOON).opened == number
        assert opened() == 0

    def test_the_large_run_opens_them_as_well(self):
        asked()
        assert opened() == 1


def test_a_task_does_at_most_so_many_slices(monkeypatch):
    monkeypatch.setattr("apps.rollout.jobs.opening.SLICE", 2)
    wave = factories.opening_wave()
    for _ in range(5):
        waited(wave=wave)

    monkeypatch.setattr("apps.rollout.jobs.openings.SLICES_A_TASK", 1)
    numbers = [open_some(at=NOON).opened for _ in range(4)]
    assert numbers == [2, 2, 1, 0]
