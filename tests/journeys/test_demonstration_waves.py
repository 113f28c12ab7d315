"""The roll-out of the demonstration goes through the services of the operators."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest

from apps.common.dates import PARIS, midnight
from apps.journeys.demonstration import oppositions, staff, waves
from apps.journeys.demonstration.cast import cast_rows, died_since, rows_before_deaths
from apps.journeys.demonstration.codes import codes
from apps.journeys.demonstration.story import opened_at
from apps.rollout import services
from apps.rollout.codes import mac_of, read_code
from apps.rollout.models import Conflict, EligiblePerson, Notice, NoticeCode, Opposition, Wave, WaveEvent
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.rollout import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)
NOW = datetime.combine(TODAY, time(15), PARIS)
State = EligiblePerson.State


@pytest.fixture
def people():
    """Two of Nantes, three of Ajaccio: an adult, a child and the child's father, who was written to first."""
    staff.load_staff(at=waves.imported_at(TODAY))
    home = {"post_code": "20000", "city": "AJACCIO", "commune": "2A004", "department": "2A"}
    father = factories.person(**home, identity=portal.identity(birth_date="1985-04-02"))
    child = {"situation": "MINEUR", "identity": portal.identity(birth_date="2018-03-20"), "rl1_capacity": "PERE"}
    return {
        "nantes": [factories.person(), factories.person()],
        "adult": factories.person(**home),
        "father": father,
        "child": factories.person(**home, **child, rl1_number=father.identity.ins_number),
    }


def state_of(who):
    return EligiblePerson.objects.get(pk=who.pk).state


def test_the_pilot_was_approved_by_two_people_and_opened_after_its_six_weeks(people):
    waves.send_pilot(today=TODAY)
    pilot = Wave.objects.get()
    assert (pilot.author.email, pilot.approver.email) == (staff.OPERATOR, staff.APPROVER)
    assert (pilot.opening_asked_by.email, pilot.opening_approved_by.email) == (staff.OPERATOR, staff.APPROVER)
    assert (pilot.stage, pilot.people) == (Wave.Stage.PILOT, 2)

    assert services.open_spaces(at=opened_at(TODAY) - timedelta(days=8)).opened == 0
    assert services.open_spaces(at=opened_at(TODAY)).opened == 2
    assert {space.opened_at for space in HealthSpace.objects.all()} == {opened_at(TODAY)}
    kinds = set(WaveEvent.objects.values_list("kind", flat=True))
    assert {"create", "approve", "filled", "ask-opening", "approve-opening"} <= kinds


def test_the_six_weeks_of_the_second_wave_run(people):
    waves.send_second(today=TODAY)
    assert {state_of(people[name]) for name in ("adult", "father", "child")} == {State.NOTICE_SENT}
    assert {state_of(who) for who in people["nantes"]} == {State.ELIGIBLE}
    assert set(Notice.objects.values_list("window_ends_at", flat=True)) == {midnight(TODAY + timedelta(days=23))}
    assert services.open_spaces(at=NOW).opened == 0


def test_the_third_wave_is_a_draft(people):
    waves.send_second(today=TODAY)
    waves.draft_third(today=TODAY, at=NOW)
    third = Wave.objects.get(number=2)
    assert (third.state, third.people, third.first_send_on) == ("draft", 0, TODAY + timedelta(days=14))


def test_a_visitor_gets_codes_that_work(people):
    waves.send_second(today=TODAY)
    found = list(codes(at=NOW))

    assert [(one.situation, one.birth_date) for one in found][-1] == ("MINEUR", "2018-03-20")
    assert len(found) == 3
    typed = [mac_of(read_code(one.code)) for one in found]
    assert NoticeCode.objects.filter(mac__in=typed, ended_at=None).count() == 3


def test_codes_end_with_their_window_and_with_a_choice(people):
    waves.send_second(today=TODAY)
    EligiblePerson.objects.filter(pk=people["adult"].pk).update(state=State.OPPOSED)

    assert len(list(codes(at=NOW))) == 2
    assert list(codes(at=NOW + timedelta(days=23))) == []


def test_spa_07_oppositions_came_by_every_channel_and_one_was_taken_back(people):
    home = {"post_code": "20000", "city": "AJACCIO", "commune": "2A004", "department": "2A"}
    for _ in range(4):
        factories.person(**home)
    waves.send_second(today=TODAY)
    oppositions.oppose_some(today=TODAY)

    found = Opposition.objects.order_by("entered_at").values_list("channel", flat=True)
    assert list(found) == ["online", "online", "phone", "post", "counter"]
    assert Opposition.objects.get(channel="post").received_at < Opposition.objects.get(channel="post").entered_at
    states = Counter(EligiblePerson.objects.exclude(department="44").values_list("state", flat=True))
    assert states == {State.OPPOSED: 4, State.OPENING_ASKED: 1, State.NOTICE_SENT: 2}


def test_decisions_7_two_parents_of_the_demonstration_contradict_each_other(people):
    mother = factories.person()
    EligiblePerson.objects.filter(pk=people["child"].pk).update(rl2_number=mother.identity.ins_number)
    waves.send_second(today=TODAY)
    oppositions.contradict(today=TODAY)

    assert Conflict.objects.get().person_id == people["child"].pk
    assert EligiblePerson.objects.get(pk=people["child"].pk).hold == "conflict"


def test_a_child_with_one_parent_brings_no_contradiction(people):
    waves.send_second(today=TODAY)
    oppositions.contradict(today=TODAY)
    assert not Conflict.objects.exists()


def test_the_first_file_knows_nobody_who_died_later():
    day = waves.imported_at(TODAY).date()
    assert [row.premier_prenom for row in cast_rows(today=TODAY) if died_since(row, day)] == ["HENRI"]
    assert not any(died_since(row, day) for row in rows_before_deaths(since=day, today=TODAY))
    assert len(rows_before_deaths(since=day, today=TODAY)) == len(cast_rows(today=TODAY))
