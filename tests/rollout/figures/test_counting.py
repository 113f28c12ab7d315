"""The statements behind the figures, on registers that can be counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.rollout.figures import counting, outcomes, sums
from apps.rollout.figures.counting import Day, Delay, Group, Sending
from apps.rollout.figures.sheets import sheet
from apps.rollout.models import Channel, EligiblePerson, Notice
from apps.spaces.models import HealthSpace
from tests import factories as people
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths
from tests.rollout.figures.paths import State

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def facts(name: str) -> list[tuple[str, int]]:
    rows = counting.days(counting.count("days", TODAY))
    return [(row.day.isoformat(), row.number) for row in rows if row.name == name]


def born(text: str):
    return people.identity(birth_date=text)


def test_people_are_counted_by_wave_state_hold_and_channel():
    wave = factories.wave()
    factories.person(wave=wave)
    factories.person(wave=wave)
    factories.person(wave=wave, hold=EligiblePerson.Hold.CLAIM, channel="courrier")
    paths.step(paths.sent(), State.OPEN_FAILED, reason="number-taken")

    rows = counting.standings(counting.count("standings", TODAY))

    assert {(row.wave_id, row.state, row.hold, row.reason, row.channel, row.noticed): row.people for row in rows} == {
        (wave.pk, "ELIGIBLE", "", "", "courriel", False): 2,
        (wave.pk, "ELIGIBLE", "claim", "", "courrier", False): 1,
        (None, "OPEN_FAILED", "", "number-taken", "courriel", True): 1,
    }


def test_a_double_counts_as_held():
    factories.person(double_of=factories.person().identity)

    assert sorted(row.hold for row in counting.standings(counting.count("standings", TODAY))) == ["", "double"]


def test_notices_are_counted_by_state_and_channel():
    paths.sent()
    Notice.objects.filter(person=paths.sent()).update(state="uncertain")

    assert counting.notices(counting.count("notices", TODAY)) == [
        Sending(wave_id=None, state="sent", channel="mail", number=1),
        Sending(wave_id=None, state="uncertain", channel="mail", number=1),
    ]


def test_days_are_those_of_paris():
    paths.sent(at=datetime(2026, 10, 24, 21, 59, tzinfo=UTC))  # 23:59 in summer time
    paths.sent(at=datetime(2026, 10, 24, 22, 0, tzinfo=UTC))  # midnight
    paths.sent(at=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))  # 23:59 in winter time

    assert facts("sent-mail") == [("2026-10-24", 1), ("2026-10-25", 2)]


def test_letters_and_mails_are_two_facts_and_receipts_are_none():
    paths.sent(at=paths.SENT, notice={"channel": "post", "message_id": ""})
    paths.sent(at=paths.SENT)
    Notice.objects.create(
        person=factories.person(), kind="receipt", key="receipt", channel="post", state="sent", prepared_at=NOON,
        sent_at=NOON,
    )  # fmt: skip

    assert facts("sent-post") == [("2026-10-06", 1)]
    assert facts("sent-mail") == [("2026-10-06", 1)]


def test_returned_notices_count_on_the_day_they_came_back():
    Notice.objects.filter(person=paths.sent()).update(state="returned", ended_at=NOON - timedelta(days=3))

    assert facts("returned") == [("2026-11-22", 1)]
    assert facts("sent-mail") == [("2026-10-06", 1)]


def test_windows_end_on_their_last_day_in_paris():
    paths.sent(at=datetime(2026, 9, 14, 10, tzinfo=UTC))  # summer time ends in between, on 25 October
    paths.sent(at=datetime(2027, 2, 15, 22, 30, tzinfo=UTC))  # summer time begins in between, on 28 March
    paths.sent(at=datetime(2027, 2, 15, 23, 30, tzinfo=UTC))
    Notice.objects.filter(person=paths.sent()).update(state="returned", ended_at=NOON)

    assert facts("ends") == [("2026-10-26", 1), ("2027-03-29", 1), ("2027-03-30", 1)]


def test_letters_that_are_no_notices_are_none_that_came_back():
    Notice.objects.create(
        person=factories.person(), kind="receipt", key="receipt", channel="post", state="returned", prepared_at=NOON,
        sent_at=NOON, ended_at=NOON,
    )  # fmt: skip

    assert facts("returned") == []


def of_age(*, wave, **space) -> EligiblePerson:
    """Somebody whose space opened in childhood and whose own six weeks run."""
    who = paths.opened(wave=wave, identity=born("1980-05-02"), space=space)
    if space:
        paths.step(who, State.OPEN_ACTIVE)
    paths.step(who, State.NOTICE_QUEUED)
    return who


def test_spa_48_a_space_stays_opened_while_its_holder_comes_of_age():
    wave = factories.opening_wave()
    of_age(wave=wave)
    of_age(wave=wave, account_activated_at=NOON)
    EligiblePerson.objects.filter(pk=of_age(wave=wave).pk).update(hold="returned")

    found = sums.of(counting.standings(counting.count("standings", TODAY)))

    assert (found.people, found.opened, found.activated, found.held, found.done) == (3, 3, 1, 0, 3)
    assert counting.groups(counting.count("groups", TODAY)) == [
        Group(stage="pilot", department="44", age=3, people=3, opened=3, activated=1, opposed=0)
    ]
    opened = sheet(outcomes.cells(wave.pk)).lines[0]
    assert (opened.outcome, opened.by_state) == ("opened", 3)


def test_oppositions_count_by_channel_on_the_day_of_their_effect():
    operator = people.staff()
    paths.opposed()
    paths.opposed(channel=Channel.POST, opposition={"received_at": NOON - timedelta(days=5), "entered_by": operator})
    paths.oppose(paths.sent(), withdrawn_at=NOON + timedelta(days=1))

    assert facts("opposed-online") == [("2026-11-25", 2)]
    assert facts("opposed-post") == [("2026-11-20", 1)]
    assert facts("withdrawn") == [("2026-11-26", 1)]


def test_openings_activations_and_closures_come_from_the_spaces():
    paths.opened()
    paths.opened(space={"account_activated_at": NOON})
    paths.opened(space={"status": "closed", "closed_at": NOON, "closure_reason": "holder"})
    people.space()  # of somebody outside the register

    assert facts("opened") == [("2026-11-19", 3)]
    assert facts("activated") == [("2026-11-25", 1)]
    assert facts("closed") == [("2026-11-25", 1)]


def test_facts_know_their_wave():
    wave = factories.wave()
    paths.sent(wave=wave)

    assert counting.days(counting.count("days", TODAY)) == [
        Day(wave_id=wave.pk, day=date(2026, 10, 6), name="sent-mail", number=1),
        Day(wave_id=wave.pk, day=date(2026, 11, 17), name="ends", number=1),
    ]


def test_rol_22_groups_count_people_whose_notice_left_and_who_are_done():
    wave = factories.opening_wave()
    for _ in range(3):
        paths.opened(wave=wave, identity=born("1980-05-02"))
    paths.step(paths.opened(wave=wave, identity=born("1980-05-02")), State.OPEN_ACTIVE)
    paths.opposed(wave=wave, identity=born("1980-05-02"))
    paths.step(paths.sent(wave=wave, identity=born("1980-05-02")), State.NOT_ELIGIBLE)
    paths.sent(wave=wave)  # not done
    factories.person(wave=wave)  # no notice
    paths.opposed()  # in no wave

    assert counting.groups(counting.count("groups", TODAY)) == [
        Group(stage="pilot", department="44", age=3, people=6, opened=4, activated=1, opposed=1)
    ]


@pytest.mark.parametrize(
    ("birth", "age"),
    [
        ("2026-11-01", 0),
        ("2008-11-26", 0),  # eighteen tomorrow
        ("2008-11-25", 1),
        ("2008-00-00", 1),  # unknown day and month: the earliest
        ("1996-11-26", 1),
        ("1996-11-25", 2),
        ("1981-11-25", 3),
        ("1966-11-25", 4),
        ("1951-11-26", 4),
        ("1951-11-25", 5),
        ("1908-01-01", 5),
    ],
)
def test_classes_of_age_start_on_the_birthday(birth, age):
    paths.opposed(wave=factories.wave(), identity=born(birth))

    assert [group.age for group in counting.groups(counting.count("groups", TODAY))] == [age]


def test_pilot_and_generalisation_are_two_groups():
    paths.opposed(wave=factories.wave(stage="pilot"))
    paths.opposed(wave=factories.wave(stage="general"))

    assert [(group.stage, group.people) for group in counting.groups(counting.count("groups", TODAY))] == [
        ("general", 1),
        ("pilot", 1),
    ]


def test_days_waited_are_told_by_their_middle():
    wave = factories.opening_wave()
    for days in (43, 44, 60):
        paths.opened(wave=wave, at=paths.SENT + timedelta(days=days))
    HealthSpace.objects.filter(opened_at=paths.SENT + timedelta(days=43)).update(
        account_activated_at=paths.SENT + timedelta(days=45)
    )

    opening, activation = sorted(counting.delays(counting.count("delays", TODAY)), key=lambda row: row.name)[::-1]
    assert opening == Delay(stage="pilot", name="opening", people=3, median=44.0, most=pytest.approx(56.8))
    assert activation == Delay(stage="pilot", name="activation", people=1, median=2.0, most=2.0)


def test_outcomes_are_those_of_the_reconciliation():
    who = paths.opened()

    (cell,) = counting.outcomes(counting.count("outcomes", TODAY))
    assert (cell.by_state, cell.by_fact, cell.people, cell.example) == ("opened", "opened", 1, who.pk)
