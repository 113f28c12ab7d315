"""Filling and moving waves (RO-04): nobody in two waves, each step read from rows, twice is once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.common.dates import midnight
from apps.rollout.jobs import filling, waves
from apps.rollout.models import EligiblePerson, StopOrder, Wave, WaveEvent
from apps.rollout.window import window_end
from tests import factories as people
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)  # two days before NOON


def approved(**values) -> Wave:
    return factories.wave(state="approved", **{"first_send_on": MONDAY, **values})


def filled(**values) -> Wave:
    return approved(filled_at=NOON, **values)


def waves_of(*rows) -> list[int | None]:
    numbers = dict(EligiblePerson.objects.values_list("pk", "wave__number"))
    return [numbers[row.pk] for row in rows]


def state_of(wave) -> str:
    wave.refresh_from_db()
    return wave.state


class TestFill:
    def test_people_who_meet_the_criteria_are_taken_in(self):
        inside, outside = factories.person(), factories.person(department="31")
        wave = approved()
        done = filling.fill_due(at=NOON)
        assert (done.taken, waves_of(inside, outside)) == (1, [wave.number, None])
        wave.refresh_from_db()
        assert (wave.people, wave.filled_at) == (1, NOON)
        event = WaveEvent.objects.get(wave=wave)
        assert (event.kind, event.actor, event.facts) == ("filled", "rollout.fill", {"people": 1})

    def test_two_waves_of_the_same_people_share_nobody(self):
        rows = [factories.person() for _ in range(3)]
        first, second = approved(departments=["44"]), approved(departments=["44", "31"])
        other = factories.person(department="31")
        filling.fill_due(at=NOON)
        assert waves_of(*rows, other) == [first.number] * 3 + [second.number]

    @pytest.mark.parametrize("size", [1, 2, 100])
    def test_slices_take_the_same_people(self, monkeypatch, size):
        monkeypatch.setattr(filling, "SLICE", size)
        rows = [factories.person() for _ in range(5)]
        wave = approved()
        assert filling.fill_due(at=NOON).taken == 5
        assert waves_of(*rows) == [wave.number] * 5
        assert WaveEvent.objects.filter(kind="filled").count() == 1

    @pytest.mark.parametrize("size", [1, 2, 100])
    def test_never_more_than_asked(self, monkeypatch, size):
        monkeypatch.setattr(filling, "SLICE", size)
        for _ in range(5):
            factories.person()
        wave = approved(at_most=3)
        filling.fill_due(at=NOON)
        wave.refresh_from_db()
        assert (wave.people, wave.members.count(), wave.filled_at) == (3, 3, NOON)

    def test_a_run_that_was_cut_goes_on(self, monkeypatch):
        monkeypatch.setattr(filling, "SLICE", 2)
        for _ in range(5):
            factories.person()
        wave = approved()
        filling.fill_due(at=NOON, seconds=-1)
        assert (wave.members.count(), WaveEvent.objects.count()) == (0, 0)
        filling.fill_due(at=NOON)
        filling.fill_due(at=NOON)
        wave.refresh_from_db()
        assert (wave.people, wave.members.count(), WaveEvent.objects.count()) == (5, 5, 1)

    @pytest.mark.parametrize("slice_at_work", [1, 2, 3])
    def test_rel_02_killed_in_the_middle_it_goes_on(self, monkeypatch, slice_at_work):
        monkeypatch.setattr(filling, "SLICE", 2)
        rows, wave = [factories.person() for _ in range(5)], approved()
        reached = []

        def killed(name):
            reached.append(name)
            if len(reached) == slice_at_work:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(filling, "reach", killed)
            filling.fill_due(at=NOON)
        wave.refresh_from_db()
        assert wave.people == wave.members.count() == 2 * (slice_at_work - 1)
        filling.fill_due(at=NOON)
        wave.refresh_from_db()
        assert (wave.people, waves_of(*rows), wave.filled_at) == (5, [wave.number] * 5, NOON)
        assert WaveEvent.objects.filter(kind="filled").count() == 1

    @pytest.mark.parametrize(
        "values", [{"double_of": True}, {"died": True}, {"state": "OPPOSED"}, {"state": "NOT_ELIGIBLE"}]
    )
    def test_people_who_are_held_or_over_stay_outside(self, values):
        if values.pop("double_of", False):
            values["double_of"] = people.identity()
        if values.pop("died", False):
            values["identity"] = people.identity(died_on=date(2026, 11, 1))
        factories.person(**values)
        approved()
        assert filling.fill_due(at=NOON).taken == 0

    def test_later_arrivals_do_not_enter_a_filled_wave(self):
        factories.person()
        wave = approved()
        filling.fill_due(at=NOON)
        late = factories.person()
        assert (filling.fill_due(at=NOON).taken, waves_of(late)) == (0, [None])
        wave.refresh_from_db()
        assert wave.people == 1

    @pytest.mark.parametrize("state", ["notifying", "window", "opening"])
    def test_spa_13_they_enter_a_continuous_one(self, state):
        wave = factories.wave(state=state, is_continuous=True, filled_at=NOON)
        late = factories.person()
        assert (filling.fill_due(at=NOON).taken, waves_of(late)) == (1, [wave.number])
        wave.refresh_from_db()
        assert (wave.people, WaveEvent.objects.count()) == (1, 0)

    @pytest.mark.parametrize("state", ["draft", "cancelled"])
    def test_drafts_take_nobody_and_let_their_people_go(self, state, monkeypatch):
        monkeypatch.setattr(filling, "SLICE", 2)
        wave = factories.wave(state=state, people=3)
        rows = [factories.person(wave=wave) for _ in range(3)]
        assert filling.fill_due(at=NOON).let_go == 3
        assert waves_of(*rows) == [None] * 3
        wave.refresh_from_db()
        assert wave.people == 0
        assert filling.fill_due(at=NOON).let_go == 0


class TestAdvance:
    def test_an_approved_wave_begins_on_its_day(self):
        factories.person()
        wave = approved(first_send_on=NOON.date())
        assert waves.advance(at=NOON - DAY) == {}
        assert state_of(wave) == "approved"
        assert waves.advance(at=midnight(NOON.date())) == {"notifying": 1}
        assert state_of(wave) == "notifying"

    @pytest.mark.parametrize("what", ["paused", "stopped", "all stopped"])
    def test_not_while_it_is_paused_or_stopped(self, what):
        wave = filled(paused_at=NOON if what == "paused" else None)
        factories.person(wave=wave)
        if what != "paused":
            scope = wave if what == "stopped" else None
            StopOrder.objects.create(wave=scope, reason="x", ordered_by=wave.author, ordered_at=NOON)
        waves.advance(at=NOON)
        assert state_of(wave) == "approved"

    def test_each_step_leaves_an_event_and_twice_is_once(self):
        wave = filled()
        factories.person(wave=wave)
        waves.advance(at=NOON)
        assert waves.advance(at=NOON) == {}
        event = WaveEvent.objects.get(wave=wave)
        assert (event.kind, event.actor, event.rule) == ("state", "rollout.waves", "ROL-12")
        assert event.facts == {"from": "approved", "to": "notifying"}

    @pytest.mark.parametrize("state", ["ELIGIBLE", "NOTICE_QUEUED", "NOTICE_FAILED"])
    def test_notices_go_on_while_somebody_waits_for_one(self, state):
        wave = factories.wave()
        factories.person(wave=wave, state=state)
        waves.advance(at=NOON)
        assert state_of(wave) == "notifying"

    def test_the_six_weeks_run_once_everybody_was_written_to(self):
        wave = factories.wave()
        factories.noticed(factories.person(wave=wave))
        factories.person(wave=wave, state="OPPOSED")
        waves.advance(at=NOON)
        assert state_of(wave) == "window"

    def test_people_who_are_held_do_not_hold_the_wave(self):
        wave = factories.wave()
        factories.noticed(factories.person(wave=wave))
        factories.person(wave=wave, hold="no-representative")
        factories.person(wave=wave, double_of=people.identity())
        factories.person(wave=wave, identity=people.identity(died_on=date(2026, 11, 1)))
        waves.advance(at=NOON)
        assert state_of(wave) == "window"

    def test_rol_14_opening_from_day_43_and_not_a_second_before(self):
        wave = factories.wave(state="window", first_send_on=MONDAY, **let_open())
        sent = midnight(MONDAY) + timedelta(hours=10)
        factories.noticed(factories.person(wave=wave), sent_at=sent)
        end = window_end(sent)
        waves.advance(at=end - timedelta(seconds=1))
        assert state_of(wave) == "window"
        waves.advance(at=end)
        assert state_of(wave) == "opening"

    def test_a_wave_that_still_writes_is_not_said_to_open(self):
        wave = factories.wave(first_send_on=MONDAY, **let_open())
        factories.noticed(factories.person(wave=wave), sent_at=NOON)
        factories.person(wave=wave)
        waves.advance(at=NOON + 60 * DAY)
        assert state_of(wave) == "notifying"

    def test_sec_21_no_opening_before_two_people_let_it(self):
        wave = factories.wave(state="window", first_send_on=MONDAY)
        factories.noticed(factories.person(wave=wave), sent_at=NOON)
        waves.advance(at=NOON + 60 * DAY)
        assert state_of(wave) == "window"

    def test_a_wave_of_which_everybody_was_sent_late_waits_for_them(self):
        wave = factories.wave(state="window", first_send_on=MONDAY, **let_open())
        factories.noticed(factories.person(wave=wave), sent_at=NOON + 10 * DAY)
        waves.advance(at=window_end(midnight(MONDAY)))
        assert state_of(wave) == "window"

    @pytest.mark.parametrize("state", sorted(set(EligiblePerson.State) - set(waves.FINAL)))
    def test_a_wave_is_not_over_while_somebody_is_not(self, state):
        wave = factories.opening_wave()
        values = {"notice_sent_at": NOON, "window_ends_at": NOON} if state == "NOTICE_SENT" else {}
        factories.person(wave=wave, state=state, **values)
        waves.advance(at=NOON)
        assert state_of(wave) == "opening"

    def test_held_people_keep_it_open(self):
        wave = factories.opening_wave()
        factories.person(wave=wave, hold="conflict")
        waves.advance(at=NOON)
        assert state_of(wave) == "opening"

    def test_over_once_everybody_is_final(self):
        wave = factories.opening_wave()
        for state in waves.FINAL:
            factories.person(wave=wave, state=state, state_reason="x")
        assert waves.advance(at=NOON) == {"closed": 1}
        wave.refresh_from_db()
        assert (wave.state, wave.closed_at) == ("closed", NOON)
        assert waves.advance(at=NOON) == {}

    def test_spa_13_a_continuous_wave_sends_and_never_ends(self):
        wave = filled(is_continuous=True, **let_open())
        one = factories.person(wave=wave)
        waves.advance(at=NOON)
        factories.noticed(one, sent_at=NOON)
        waves.advance(at=NOON + 60 * DAY)
        EligiblePerson.objects.update(state="OPEN")
        waves.advance(at=NOON + 90 * DAY)
        assert state_of(wave) == "notifying"

    def test_a_late_run_takes_all_steps_at_once(self):
        wave = filled(**let_open())
        person = factories.person(wave=wave)
        factories.noticed(person, sent_at=NOON)
        EligiblePerson.objects.update(state="OPEN")
        assert waves.advance(at=NOON + 60 * DAY) == {"notifying": 1, "window": 1, "opening": 1, "closed": 1}
        steps = WaveEvent.objects.filter(wave=wave).values_list("facts__from", "facts__to")
        assert set(steps) == {
            ("approved", "notifying"),
            ("notifying", "window"),
            ("window", "opening"),
            ("opening", "closed"),
        }

    def test_drafts_stay_drafts(self):
        wave = factories.wave(state="draft")
        waves.advance(at=NOON)
        assert state_of(wave) == "draft"


def let_open() -> dict[str, object]:
    asker, approver = people.staff(), people.staff()
    return {
        "opening_asked_by": asker,
        "opening_asked_at": NOON,
        "opening_approved_by": approver,
        "opening_approved_at": NOON,
    }
