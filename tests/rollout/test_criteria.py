"""Whom a wave is about (RO-04): criteria, the live count, and that nobody falls between two waves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rollout import criteria
from apps.rollout.models import Wave
from tests import factories as people
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return factories.run()


def person(run, **values):
    return factories.person(run=run, **values)


def wanted(**values) -> Wave:
    return Wave(**{"first_send_on": date(2026, 9, 14), "mails_a_day": 10, "letters_a_day": 10, **values})


def meets(wave, one) -> bool:
    return criteria.free(wave).filter(pk=one.pk).exists()


def test_an_empty_criterion_lets_everybody_in(run):
    assert meets(wanted(), person(run, department="2A", scheme="MSA", situation="MINEUR"))


@pytest.mark.parametrize(
    ("name", "values", "column", "inside", "outside"),
    [
        ("departments", ["31", "2A"], "department", "2A", "44"),
        ("schemes", ["RG", "MSA"], "scheme", "MSA", "MGEN"),
        ("situations", ["MINEUR"], "situation", "MINEUR", "MAJEUR"),
    ],
)
def test_each_criterion(run, name, values, column, inside, outside):
    wave = wanted(**{name: values})
    assert meets(wave, person(run, **{column: inside}))
    assert not meets(wave, person(run, **{column: outside}))


@pytest.mark.parametrize(
    ("born", "inside"),
    [
        ("1949-12-31", False),
        ("1950-01-01", True),
        ("1950-01-00", True),  # the day is unknown: it counts as the first
        ("1950-00-00", True),
        ("1959-12-31", True),
        ("1960-01-01", False),
        ("1960-00-00", False),
    ],
)
def test_both_days_of_birth_are_included(run, born, inside):
    wave = wanted(born_from=date(1950, 1, 1), born_until=date(1959, 12, 31))
    assert meets(wave, person(run, identity=people.identity(birth_date=born))) is inside


@given(
    border=st.dates(date(1930, 1, 2), date(2020, 12, 31)),
    born=st.dates(date(1930, 1, 1), date(2020, 12, 31)),
    known=st.sampled_from(["day", "month", "year"]),
)
def test_two_waves_side_by_side_leave_nobody_out_and_share_nobody(border, born, known):
    text = {"day": f"{born}", "month": f"{born:%Y-%m}-00", "year": f"{born:%Y}-00-00"}[known]
    earliest = {"day": born, "month": born.replace(day=1), "year": born.replace(month=1, day=1)}[known]
    one = factories.person(identity=people.identity(birth_date=text))
    before, after = wanted(born_until=border - timedelta(days=1)), wanted(born_from=border)
    assert [meets(before, one), meets(after, one)] == [earliest < border, earliest >= border]


@pytest.mark.parametrize("state", ["NOTICE_SENT", "OPPOSED", "OPEN", "NOT_ELIGIBLE"])
def test_people_who_have_moved_on_are_not_meant(run, state):
    values = {"notice_sent_at": NOON, "window_ends_at": NOON} if state == "NOTICE_SENT" else {}
    assert not meets(wanted(), person(run, state=state, **values))


class TestCount:
    def test_everybody_in_one_cell(self, run):
        other = factories.wave()
        person(run), person(run)
        person(run, channel="courrier", mail="")
        person(run, wave=other)
        person(run, double_of=people.identity())
        person(run, identity=people.identity(died_on=date(2026, 11, 1)))
        person(run, department="31")
        counted = criteria.count(wanted(departments=["44"]))
        assert counted == criteria.Headcount(people=3, mails=2, letters=1, elsewhere=1, doubles=1, dead=1)

    def test_people_of_the_wave_itself_are_its_own(self, run):
        wave = factories.wave(state="approved", people=1)
        person(run, wave=wave)
        counted = criteria.count(wave)
        assert (counted.people, counted.elsewhere) == (1, 0)

    def test_post_for_everybody(self, run):
        person(run)
        counted = criteria.count(wanted(channels="post"))
        assert (counted.mails, counted.letters) == (0, 1)

    def test_at_most_keeps_the_mix(self, run):
        for _ in range(6):
            person(run)
        for _ in range(2):
            person(run, channel="courrier", mail="")
        counted = criteria.count(wanted(at_most=4))
        assert (counted.people, counted.mails, counted.letters) == (4, 3, 1)

    def test_nobody(self):
        counted = criteria.count(wanted())
        assert counted == criteria.Headcount(people=0, mails=0, letters=0, elsewhere=0, doubles=0, dead=0)

    def test_one_query(self, run, django_assert_num_queries):
        person(run)
        with django_assert_num_queries(1):
            criteria.count(wanted(born_from=date(1950, 1, 1)))
