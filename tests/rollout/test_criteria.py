"""Whom a wave is about (RO-04): criteria, the live count, and that nobody falls between two waves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rollout import criteria
from apps.rollout.jobs import preparing
from apps.rollout.models import EligiblePerson, Wave
from tests import factories as people
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
CHILD = {"situation": "MINEUR"}


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
        assert counted == criteria.Headcount(people=3, mails=2, letters=1, unwritten=0, elsewhere=1, doubles=1, dead=1)

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
        assert counted == criteria.Headcount(people=0, mails=0, letters=0, unwritten=0, elsewhere=0, doubles=0, dead=0)

    def test_one_query(self, run, django_assert_num_queries):
        person(run)
        with django_assert_num_queries(1):
            criteria.count(wanted(born_from=date(1950, 1, 1)))


class TestReaders:
    """The plan says what will leave: notices of readers, not people (SPA-40, SPA-50)."""

    @pytest.fixture
    def parents(self, run):
        """Rosa has an e-mail address, Marc has none."""
        return person(run, mail="rosa@example.fr"), person(run, channel="courrier", mail="")

    @pytest.fixture
    def everybody(self, run, parents):
        """People of 72, each with the notices by e-mail and by post that will leave for them."""
        rosa, marc = (one.identity.ins_number for one in parents)
        mother, father = {"rl1_number": rosa, "rl1_capacity": "MERE"}, {"rl1_number": marc, "rl1_capacity": "PERE"}
        second = {"rl2_number": marc, "rl2_capacity": "PERE"}
        nobody = {"rl1_number": "2990144109999", "rl1_capacity": "MERE"}
        by_post, nowhere = {"channel": "courrier", "mail": ""}, {"street": "", "post_code": "", "city": ""}
        guarded = {"situation": "MAJEUR_PROTEGE", "measure": "TUTELLE"}
        assisted = {"situation": "MAJEUR_PROTEGE", "measure": "CURATELLE"}
        return [
            ({}, (1, 0)),
            (by_post, (0, 1)),
            ({**by_post, **nowhere}, (0, 0)),
            (nowhere, (1, 0)),
            ({"hold": "claim"}, (0, 0)),
            ({**CHILD, **by_post, **mother}, (1, 0)),
            ({**CHILD, **by_post, **mother, **second}, (1, 0)),
            ({**CHILD, **father}, (0, 1)),
            ({**CHILD, **nobody, **second}, (0, 1)),
            ({**CHILD, **nobody}, (0, 0)),
            (CHILD, (0, 0)),
            ({"situation": "MINEUR", "identity": people.identity(birth_date="2008-09-14")}, (1, 0)),
            ({**guarded, **father}, (1, 1)),
            ({**guarded, **by_post, **mother}, (1, 1)),
            ({**guarded, **by_post, **nowhere, **mother}, (1, 0)),
            (guarded, (1, 0)),
            ({**assisted, **father}, (1, 0)),
        ]

    def made(self, run, everybody, **values):
        for columns, _notices in everybody:
            is_child = columns.get("situation") == "MINEUR" and "identity" not in columns
            identity = {"identity": people.child_identity()} if is_child else {}
            person(run, department="72", **{**columns, **identity, **values})

    def numbers(self, everybody):
        mails = sum(mails for _columns, (mails, _letters) in everybody)
        letters = sum(letters for _columns, (_mails, letters) in everybody)
        return mails, letters, sum(notices == (0, 0) for _columns, notices in everybody)

    def test_spa_40_spa_50_one_notice_a_reader_by_the_way_of_the_reader(self, run, everybody):
        self.made(run, everybody)
        counted = criteria.count(wanted(departments=["72"]))
        assert counted.people == len(everybody)
        assert (counted.mails, counted.letters, counted.unwritten) == self.numbers(everybody) == (10, 5, 4)

    @pytest.mark.parametrize("channels", Wave.Channels)
    def test_rol_12_the_plan_is_what_is_prepared(self, run, everybody, channels):
        running = factories.wave(departments=["72"], channels=channels)
        self.made(run, everybody, wave=running)
        counted = criteria.count(running)

        preparing.prepare_due(at=NOON)

        prepared = preparing.prepared_on(running, day=NOON.date())
        assert {"mail": counted.mails, "post": counted.letters} == prepared
        assert EligiblePerson.objects.filter(wave=running, state="ELIGIBLE").count() == counted.unwritten

    def test_who_comes_of_age_before_the_first_sending_reads_alone(self, run):
        person(run, situation="MINEUR", identity=people.identity(birth_date="2008-12-07"))
        before, after = date(2026, 12, 6), date(2026, 12, 7)
        assert [criteria.count(wanted(first_send_on=day)).mails for day in (before, after)] == [0, 1]

    def test_beyond_the_sample_its_share_stands_for_the_others(self, run, parents, monkeypatch):
        monkeypatch.setattr(criteria, "SAMPLE", 2)
        by_mother = {"rl1_number": parents[0].identity.ins_number, "rl1_capacity": "MERE", "department": "72"}
        for _ in range(5):
            person(run, **CHILD, **by_mother, identity=people.child_identity())
        counted = criteria.count(wanted(departments=["72"]))
        assert (counted.people, counted.mails, counted.letters, counted.unwritten) == (5, 5, 0, 0)
