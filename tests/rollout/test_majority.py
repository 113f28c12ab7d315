"""At 18: a notice and six weeks of one's own, beside a space that is open or not yet (SPA-48)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.common.dates import PARIS, PartialDate
from apps.rollout import services
from apps.rollout.codes import mac_of
from apps.rollout.jobs.majority import end_windows, notify_new_adults
from apps.rollout.jobs.rehearsing import count_as_sent
from apps.rollout.models import EligiblePerson, Notice, NoticeCode, PersonTransition
from apps.rollout.window import window_end
from apps.spaces.majority import majority_at
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
State = EligiblePerson.State
BORN = "2008-11-20"
MAJORITY = datetime(2026, 11, 20, tzinfo=PARIS)
MINOR_THEN = datetime(2026, 9, 1, 10, tzinfo=PARIS)


def minor(*, born=BORN, sent_at=MINOR_THEN, **values):
    """A child whose notice went to the mother."""
    mother = factories.person()
    child = factories.person(
        identity=portal.identity(birth_date=born), situation="MINEUR", rl1_number=mother.identity.ins_number,
        rl1_capacity="MERE", wave=factories.opening_wave(), **values,
    )  # fmt: skip
    notice, code = factories.noticed(child, sent_at=sent_at)
    Notice.objects.filter(pk=notice.pk).update(reader=mother.identity)
    return child, code


def opened_minor(**values):
    child, code = minor(**values)
    EligiblePerson.objects.filter(pk=child.pk).update(state=State.OPEN)
    space = portal.space(person=child.identity, opened_at=MINOR_THEN + timedelta(days=45))
    return child, code, space


def state_of(who):
    who.refresh_from_db()
    return who.state


class TestNotice:
    def test_spa_48_the_young_adult_is_written_to_once_and_in_person(self):
        child, _code, _space = opened_minor()

        assert notify_new_adults(at=MAJORITY - timedelta(microseconds=1)) == 0
        assert notify_new_adults(at=MAJORITY) == 1
        assert notify_new_adults(at=MAJORITY + timedelta(days=400)) == 0
        notice = Notice.objects.get(kind=Notice.Kind.MAJORITY)
        assert (notice.person_id, notice.reader_id, notice.due_at) == (child.pk, None, MAJORITY)
        assert state_of(child) == State.NOTICE_QUEUED

    def test_sec_06_the_code_of_childhood_ends(self):
        child, code, _space = opened_minor()
        notify_new_adults(at=MAJORITY)

        assert NoticeCode.objects.get(mac=mac_of(code)).ended_at == MAJORITY
        assert NoticeCode.objects.filter(person=child, ended_at=None).count() == 1

    def test_a_child_is_left_alone(self):
        opened_minor(born="2012-03-20")
        assert notify_new_adults(at=NOON) == 0

    def test_who_was_written_to_as_an_adult_is_not_written_to_again(self):
        opened_minor(sent_at=MAJORITY)
        Notice.objects.update(reader=None)
        assert notify_new_adults(at=NOON) == 0

    def test_spa_48_whose_letter_to_the_mother_left_after_the_birthday_is_written_to(self):
        child, _code = minor(sent_at=MAJORITY + timedelta(days=2))
        assert notify_new_adults(at=MAJORITY + timedelta(days=3)) == 1
        assert Notice.objects.get(kind=Notice.Kind.MAJORITY).person_id == child.pk
        assert notify_new_adults(at=MAJORITY + timedelta(days=4)) == 0

    def test_a_space_that_was_closed_brings_no_notice(self):
        _child, _code, space = opened_minor()
        HealthSpace.objects.filter(pk=space.pk).update(status="closed", closed_at=MINOR_THEN, closure_reason="holder")
        assert notify_new_adults(at=NOON) == 0

    def test_the_dead_are_not_written_to(self):
        child, _code, _space = opened_minor()
        portal.InsIdentity.objects.filter(pk=child.pk).update(died_on=date(2026, 11, 1))
        assert notify_new_adults(at=NOON) == 0

    def test_by_post_without_an_address_for_mail(self):
        opened_minor(mail="", channel="courrier")
        notify_new_adults(at=MAJORITY)
        assert Notice.objects.get(kind=Notice.Kind.MAJORITY).channel == Notice.Channel.POST

    def test_somebody_who_can_be_written_to_nowhere_is_looked_at_again(self):
        child, _code, _space = opened_minor(mail="", channel="courrier", street="")
        assert notify_new_adults(at=MAJORITY) == 0
        EligiblePerson.objects.filter(pk=child.pk).update(street="3 RUE DES ESSAIS")
        assert notify_new_adults(at=MAJORITY + timedelta(days=1)) == 1

    def test_who_can_be_written_to_nowhere_keeps_nobody_else_waiting(self):
        opened_minor(mail="", channel="courrier", street="")
        child, _code, _space = opened_minor()
        assert notify_new_adults(at=MAJORITY, at_most=1) == 1
        assert state_of(child) == State.NOTICE_QUEUED

    def test_a_run_writes_to_so_many_at_most(self):
        for _ in range(3):
            opened_minor()
        assert [notify_new_adults(at=NOON, at_most=2) for _ in range(3)] == [2, 1, 0]


class TestWindow:
    def test_spa_48_the_space_stays_open_while_the_window_runs(self):
        child, _code, space = opened_minor()
        notify_new_adults(at=MAJORITY)
        count_as_sent(at=MAJORITY)

        assert (state_of(child), child.window_ends_at) == (State.NOTICE_SENT, window_end(MAJORITY))
        space.refresh_from_db()
        assert space.status == "open"

    @pytest.mark.parametrize(("activated_at", "after"), [(None, State.OPEN), (NOON, State.OPEN_ACTIVE)])
    def test_spa_48_at_its_end_everything_is_as_before(self, activated_at, after):
        child, _code, space = opened_minor()
        notify_new_adults(at=MAJORITY)
        count_as_sent(at=MAJORITY)
        HealthSpace.objects.filter(pk=space.pk).update(account_activated_at=activated_at)
        end = window_end(MAJORITY)

        assert end_windows(at=end - timedelta(microseconds=1)) == 0
        assert services.open_spaces(at=end).opened == 0
        assert state_of(child) == after
        assert HealthSpace.objects.count() == 1
        step = PersonTransition.objects.filter(person_id=child.pk).order_by("-pk").first()
        assert (step.from_state, step.reason) == ("NOTICE_SENT", "majority")

    def test_no_wave_is_asked_for_a_space_that_is_open_already(self):
        child, _code, _space = opened_minor()
        EligiblePerson.objects.filter(pk=child.pk).update(wave=factories.wave())
        notify_new_adults(at=MAJORITY)
        count_as_sent(at=MAJORITY)
        assert end_windows(at=window_end(MAJORITY)) == 1

    def test_a_contradiction_holds_the_end(self):
        child, _code, _space = opened_minor()
        notify_new_adults(at=MAJORITY)
        count_as_sent(at=MAJORITY)
        EligiblePerson.objects.filter(pk=child.pk).update(hold="claim")
        assert end_windows(at=window_end(MAJORITY)) == 0

    def test_spa_48_a_window_that_runs_at_18_begins_anew_for_the_young_adult(self):
        child, _code = minor(sent_at=MAJORITY - timedelta(days=10))
        assert notify_new_adults(at=MAJORITY) == 1
        count_as_sent(at=MAJORITY)

        assert services.open_spaces(at=window_end(MAJORITY - timedelta(days=10))).opened == 0
        assert services.open_spaces(at=window_end(MAJORITY)).opened == 1
        assert state_of(child) == State.OPEN

    def test_spa_48_a_child_without_known_representative_waits_for_nobody_at_18(self):
        child, _code = minor(hold="no-representative")
        notify_new_adults(at=MAJORITY)
        assert (state_of(child), child.hold) == (State.NOTICE_QUEUED, "")


class MajorityTests(TestCase):
    @given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31)), known=st.sampled_from((1, 2, 3)))
    def test_spa_48_the_instant_in_sql_is_that_of_the_policy(self, day, known):
        born = PartialDate(*(day.year, day.month, day.day)[:known])
        instant = majority_at(born)
        minor(born=born.with_zeros(), sent_at=instant - timedelta(days=20))

        assert notify_new_adults(at=instant - timedelta(seconds=1)) == 0
        assert notify_new_adults(at=instant) == 1
