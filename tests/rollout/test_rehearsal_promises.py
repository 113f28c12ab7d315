"""What a rehearsal must have come to by the calendar alone: each promise, kept and broken (decisions 32, ROL-02)."""

from __future__ import annotations

from datetime import date

import pytest

from apps.rollout.models import Capacity, Channel, Claim, Conflict, EligiblePerson, Notice, NoticeCode
from apps.rollout.rehearsal.plans import Plan
from apps.rollout.rehearsal.promises import Told, broken
from apps.rollout.services import opposing
from apps.rollout.services.wishes import Contact, Wish
from apps.rollout.transitions import Step, move
from tests import factories as portal
from tests.rollout import factories

pytestmark = pytest.mark.django_db
PLAN = Plan(population=10)
State = EligiblePerson.State


def found(*, plan: Plan = PLAN, **told) -> list[str]:
    return list(broken(plan, Told(**told)))


def written_to(*, day: int, **values) -> EligiblePerson:
    """Somebody whose notice left at nine on a day."""
    person = factories.person(**values)
    factories.noticed(person, sent_at=PLAN.at(day, 9))
    return person


def written_again(person: EligiblePerson, *, day: int) -> Notice:
    """A second notice, with a code of its own."""
    NoticeCode.objects.filter(person=person).update(ended_at=PLAN.at(day, 9))
    notice, _code = factories.noticed(person, sent_at=PLAN.at(day, 9), kind=Notice.Kind.AGAIN, key="again")
    return notice


def opened(person: EligiblePerson, *, day: int, hour: int = 12) -> None:
    """A space by the job, as it were."""
    at = PLAN.at(day, hour)
    portal.space(person=person.identity, opened_at=at)
    person.refresh_from_db()
    move(person, Step(to=State.OPEN, at=at, actor="rollout.open"))


def opposed(person: EligiblePerson, *, day: int):
    wish = Wish(
        channel=Channel.ACCOUNT,
        capacity=Capacity.SELF,
        received_at=PLAN.at(day, 9),
        contact=Contact(channel=Notice.Channel.MAIL),
    )
    return opposing.oppose(person_id=person.pk, wish=wish, at=PLAN.at(day, 9))


def claim(person: EligiblePerson, *, day: int, ended_on: int | None) -> None:
    at = PLAN.at(day, 15)
    ended_at = None if ended_on is None else PLAN.at(ended_on, 15)
    made = Claim.objects.create(
        state=Claim.State.WAITING if ended_at is None else Claim.State.GIVEN_UP,
        channel=Channel.POST, capacity=Capacity.SELF, family_name="MOREL", given_name="ALICE", birth_date="1984-06-14",
        received_at=at, entered_at=at, entered_by=portal.user(), due_on=at.date(), ended_at=ended_at,
    )  # fmt: skip
    made.people.add(person)


class TestOpenedTooEarly:
    def test_spa_03_day_43_is_the_first_one(self):
        opened(written_to(day=0), day=43)
        assert found() == []

    def test_spa_03_day_42_is_too_early_whatever_the_register_says(self, settings):
        settings.OPPOSITION_WINDOW_DAYS = 30
        person = written_to(day=0)
        assert person.window_ends_at < PLAN.at(42, 12)
        opened(person, day=42, hour=23)
        assert found() == ["opened before six weeks were over: 1"]

    def test_spa_04_a_notice_that_came_back_tells_nobody(self):
        person = written_to(day=0)
        Notice.objects.update(state=Notice.State.RETURNED, ended_at=PLAN.at(1, 11))
        opened(person, day=50)
        assert found() == ["opened before six weeks were over: 1"]

    def test_spa_04_the_letter_that_follows_begins_them_anew(self):
        person = written_to(day=0)
        Notice.objects.update(state=Notice.State.RETURNED, ended_at=PLAN.at(1, 11))
        written_again(person, day=2)
        opened(person, day=44)
        assert found() == ["opened before six weeks were over: 1"]

    def test_spa_08_who_asked_waits_for_nothing(self):
        person = written_to(day=0)
        move(person, Step(to=State.OPENING_ASKED, at=PLAN.at(3, 9), actor="x"))
        opened(person, day=3)
        assert found() == []


class TestForgotten:
    def test_rol_02_somebody_whose_six_weeks_are_over(self):
        written_to(day=16)
        assert found() == ["six weeks over, not opened: 1"]

    def test_whose_last_day_has_not_passed_yet_is_not_forgotten(self):
        written_to(day=17)
        assert found() == []

    def test_a_day_of_the_stop_opens_nobody(self):
        written_to(day=2)
        assert found(plan=Plan(population=10, days=46)) == []
        assert found(plan=Plan(population=10, days=47)) == ["six weeks over, not opened: 1"]

    @pytest.mark.parametrize("state", ["prepared", "returned"])
    def test_a_notice_under_way_or_come_back_is_a_reason(self, state):
        again = written_again(written_to(day=0), day=1)
        ended = PLAN.at(11, 11) if state == "returned" else None
        Notice.objects.filter(pk=again.pk).update(state=state, ended_at=ended)
        assert found() == []

    def test_an_opposition_a_claim_and_a_death_are_reasons(self):
        opposed(written_to(day=0), day=3)
        claim(written_to(day=0), day=39, ended_on=None)
        dead = written_to(day=0)
        portal.InsIdentity.objects.filter(pk=dead.pk).update(died_on=date(2026, 10, 1))
        assert found() == []

    def test_a_claim_that_was_given_up_is_none(self):
        claim(written_to(day=0), day=39, ended_on=46)
        assert found() == ["six weeks over, not opened: 1"]

    def test_spa_08_somebody_who_asked(self):
        person = written_to(day=40)
        move(person, Step(to=State.OPENING_ASKED, at=PLAN.at(59, 14), actor="x"))
        assert found() == ["asked for the opening, not opened: 1"]

    def test_spa_13_somebody_who_was_never_written_to(self):
        factories.person(run=factories.run(started_at=PLAN.at(24, 5)))
        factories.person(run=factories.run(started_at=PLAN.at(25, 5)))
        assert found() == ["never written to: 1"]

    def test_spa_04_somebody_who_waits_for_the_end_of_a_window_of_nothing(self):
        written_to(day=20)
        Notice.objects.update(state=Notice.State.RETURNED, ended_at=PLAN.at(21, 11))
        assert found() == ["notice came back, nothing followed: 1"]


class TestLookedInto:
    def test_ro_06_a_claim_holds_until_it_is_settled(self):
        held, let_go = written_to(day=0), written_to(day=0)
        for person in (held, let_go):
            claim(person, day=39, ended_on=46)
        opened(held, day=44)
        opened(let_go, day=47)
        assert found() == ["opened while an opposition was looked into: 1"]

    def test_decisions_7_a_conflict_holds_until_it_is_decided(self):
        person = written_to(day=0)
        opposition = opposed(person, day=3)
        Conflict.objects.create(person=person, opposition=opposition, opened_at=PLAN.at(40, 16))
        EligiblePerson.objects.filter(pk=person.pk).update(state=State.NOTICE_SENT)
        opened(person, day=44)
        assert found() == ["opened while an opposition was looked into: 1"]


class TestFiles:
    def test_spa_36_a_death_of_the_last_file_is_in_the_register(self):
        told, untold = written_to(day=30), written_to(day=30)
        portal.InsIdentity.objects.filter(pk=told.pk).update(died_on=date(2026, 10, 1))
        dead = {told.identity.ins_number, untold.identity.ins_number, "2990144109999"}
        assert found(dead=dead) == ["dead by the file, alive in the register: 1"]

    def test_spa_36_no_space_of_the_dead_is_open(self):
        person = written_to(day=0)
        opened(person, day=43)
        portal.InsIdentity.objects.filter(pk=person.pk).update(died_on=date(2026, 11, 1))
        assert found() == ["dead, with an open space: 1"]

    def test_spa_06_who_is_no_longer_insured_is_opened_no_more(self):
        before, after = written_to(day=0), written_to(day=0)
        opened(before, day=44)
        opened(after, day=47)
        left = {before.identity.ins_number, after.identity.ins_number}
        assert found(left=left, at=PLAN.at(46, 5)) == ["not insured any more, opened since: 1"]
