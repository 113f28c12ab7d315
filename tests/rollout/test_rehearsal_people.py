"""People and operators of a rehearsal go through the services of the pages, one act each (SPA-07, RO-06)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count

import pytest

from apps.audit.models import AuditEvent
from apps.common.dates import midnight
from apps.rollout.models import Channel, Claim, Conflict, EligiblePerson, NoticeCode, Opposition
from apps.rollout.rehearsal.desk import Desk
from apps.rollout.rehearsal.fates import Act, Fate, drawn, fate_of
from apps.rollout.rehearsal.people import People
from apps.rollout.rehearsal.plans import Plan
from apps.rollout.rehearsal.staff import engage
from apps.rollout.services.wishes import AlreadyOpenError
from apps.rollout.transitions import Step, move
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.rollout import factories
from tests.rollout.letters import state_of

pytestmark = pytest.mark.django_db
PLAN = Plan(population=10)
State = EligiblePerson.State
DAY = 5  # of their six weeks


class Town:
    """The people of a rehearsal, with what they did so far."""

    def __init__(self) -> None:
        self.staff = engage(PLAN.at(-12, 9))
        self.tally: Counter[str] = Counter()
        self.people = People(PLAN, self.staff, self.tally)

    def live(self, day: int) -> dict[str, int]:
        """Counts of one more day."""
        self.tally.clear()
        self.people.live(day)
        return {name: number for name, number in self.tally.items() if number}


@pytest.fixture
def town():
    return Town()


def number_of(wanted) -> str:
    """The first number whose fate is wanted."""
    for place in count(1):
        number = f"2{place:012d}"
        if wanted(fate_of(drawn(PLAN.seed, number))):
            return number
    raise AssertionError


def somebody(act, *, wanted=lambda _fate: True, sent_on=0, **values) -> EligiblePerson:
    """A person of this fate, whose notice left on a day at nine."""

    def fits(fate: Fate) -> bool:
        return fate.act is act and fate.day == DAY and wanted(fate)

    birth = values.pop("birth_date", "1979-02-22")
    person = factories.person(identity=portal.identity(ins_number=number_of(fits), birth_date=birth), **values)
    factories.noticed(person, sent_at=PLAN.at(sent_on, 9))
    return person


@pytest.mark.parametrize(
    ("act", "channel"),
    [
        (Act.ONLINE, Channel.ONLINE),
        (Act.ACCOUNT, Channel.ACCOUNT),
        (Act.PHONE, Channel.PHONE),
        (Act.POST, Channel.POST),
        (Act.COUNTER, Channel.COUNTER),
    ],
)
def test_spa_07_each_channel_records_its_opposition_on_its_day(town, act, channel):
    person = somebody(act)
    assert town.live(DAY - 1) == {}

    assert town.live(DAY)[act] == 1
    opposition = Opposition.objects.get()
    helped = channel in {Channel.PHONE, Channel.POST, Channel.COUNTER}
    assert (opposition.channel, opposition.person_id) == (channel, person.pk)
    assert opposition.entered_by_id == (town.staff.operator.pk if helped else None)
    assert state_of(person) == State.OPPOSED
    assert town.live(DAY + 1) == {}


def test_sec_06_online_a_wrong_date_is_refused_before_the_right_one(town):
    somebody(Act.ONLINE)
    assert town.live(DAY) == {"wrong dates refused": 1, Act.ONLINE: 1}

    outcomes = AuditEvent.objects.filter(action="rollout.opposition.identify").order_by("id")
    assert [line.facts["outcome"] for line in outcomes] == ["failed", "acts"]


def test_somebody_whose_code_has_ended_does_not_get_in(town):
    person = somebody(Act.ONLINE)
    NoticeCode.objects.update(ended_at=PLAN.at(1, 9))
    assert town.live(DAY) == {"oppositions without a code": 1}
    assert state_of(person) == State.NOTICE_SENT


def test_spa_08_some_ask_for_the_opening_and_some_activate(town):
    asks, activates = somebody(Act.ASK), somebody(Act.ACTIVATE)
    assert town.live(DAY) == {Act.ASK: 1, Act.ACTIVATE: 1}

    assert (state_of(asks), state_of(activates)) == (State.OPENING_ASKED, State.OPEN_ACTIVE)
    assert HealthSpace.objects.get().identity_id == activates.pk


def test_spa_48_at_18_the_opening_of_an_open_space_is_asked_for_in_vain(town):
    person = somebody(Act.ASK, birth_date=(PLAN.day(0) - timedelta(days=18 * 365 + 30)).isoformat())
    HealthSpace.objects.create(identity=person.identity, opened_at=PLAN.at(-5, 9))

    assert town.live(DAY) == {"openings asked of a space that is open": 1}
    assert state_of(person) == State.NOTICE_SENT


def test_spa_48_at_18_the_activation_of_an_open_space_opens_none(town):
    person = somebody(Act.ACTIVATE, birth_date=(PLAN.day(0) - timedelta(days=18 * 365 + 30)).isoformat())
    HealthSpace.objects.create(identity=person.identity, opened_at=PLAN.at(-5, 9))

    assert town.live(DAY) == {"activations of a space that is open": 1}
    assert (state_of(person), HealthSpace.objects.count()) == (State.OPEN_ACTIVE, 1)


def test_nobody_else_asks_for_the_opening_of_an_open_space(town):
    person = somebody(Act.ASK)
    HealthSpace.objects.create(identity=person.identity, opened_at=PLAN.at(-5, 9))

    with pytest.raises(AlreadyOpenError):
        town.live(DAY)


def test_spa_10_some_take_their_opposition_back_five_days_later(town):
    firm = somebody(Act.PHONE, wanted=lambda fate: fate.rest % 100 >= 10)
    somebody(Act.COUNTER, wanted=lambda fate: fate.rest % 100 < 10)
    town.live(DAY)

    assert town.live(DAY + 5) == {"oppositions taken back": 1}
    assert state_of(firm) == State.OPPOSED
    assert Opposition.objects.filter(withdrawn_at=None).get().person_id == firm.pk


def test_spa_21_some_with_an_older_dmp_confirm(town):
    person = somebody(Act.ACCOUNT, wanted=lambda fate: fate.rest % 100 >= 70, had_dmp=True)
    town.live(DAY)
    assert state_of(person) == State.OPPOSED_DMP_KEPT

    assert town.live(DAY + 5) == {"oppositions confirmed": 1}
    assert state_of(person) == State.OPPOSED


@pytest.mark.parametrize("rest", [0, 1])
def test_decisions_7_the_other_parent_contradicts_and_an_operator_decides(town, rest):
    mother, father = factories.person(), factories.person()
    child = somebody(
        Act.PHONE,
        wanted=lambda fate: fate.rest % 100 == rest,
        birth_date="2017-03-20",
        situation="MINEUR",
        rl1_number=mother.identity.ins_number,
        rl1_capacity="MERE",
        rl2_number=father.identity.ins_number,
        rl2_capacity="PERE",
    )
    town.live(DAY)
    assert town.live(DAY + 5) == {"conflicts": 1}
    assert EligiblePerson.objects.get(pk=child.pk).hold == "conflict"

    is_even = drawn(PLAN.seed, child.identity.ins_number) % 2 == 0
    assert town.live(DAY + 11) == {}
    assert town.live(DAY + 12) == {"conflicts decided": 1}
    conflict = Conflict.objects.get()
    assert conflict.outcome == (Conflict.Outcome.OPPOSED if is_even else Conflict.Outcome.OPENING)
    assert state_of(child) == (State.OPPOSED if is_even else State.OPENING_ASKED)
    assert EligiblePerson.objects.get(pk=child.pk).hold == ""


def test_decisions_8_a_letter_entered_after_the_opening_closes_the_space(town):
    person = somebody(Act.LATE)
    opened_at = midnight(PLAN.day(43)) + timedelta(hours=12)
    space = portal.space(person=person.identity, opened_at=opened_at)
    person.refresh_from_db()
    move(person, Step(to=State.OPEN, at=opened_at, actor="rollout.open"))

    assert town.live(44) == {}
    assert town.live(45) == {Act.LATE: 1}
    opposition = Opposition.objects.get()
    assert (opposition.closed_space, opposition.received_at) == (True, midnight(PLAN.day(42)))
    space.refresh_from_db()
    assert (space.status, space.closure_reason) == ("closed", "late-opposition")


def test_decisions_8_what_closed_a_space_is_not_taken_back(town):
    person = somebody(Act.LATE, wanted=lambda fate: fate.rest % 100 < 10)
    opened_at = midnight(PLAN.day(43)) + timedelta(hours=12)
    portal.space(person=person.identity, opened_at=opened_at)
    person.refresh_from_db()
    move(person, Step(to=State.OPEN, at=opened_at, actor="rollout.open"))
    town.live(45)

    assert town.live(50) == {"oppositions that closed a space, not taken back": 1}
    assert Opposition.objects.get().withdrawn_at is None


class TestDesk:
    def test_ro_06_one_claim_is_found_and_one_given_up(self, town):
        person = somebody(None)
        desk = Desk(PLAN, town.staff, town.tally)
        for day in range(39):
            desk.work(day)
        assert town.tally == {}

        desk.work(39)
        assert EligiblePerson.objects.get(pk=person.pk).hold == "claim"
        assert Claim.objects.filter(state=Claim.State.WAITING).count() == 2
        desk.work(46)
        assert town.tally == {"claims": 2, "claims found": 1, Act.POST: 1, "claims given up": 1}
        assert (state_of(person), EligiblePerson.objects.get(pk=person.pk).hold) == (State.OPPOSED, "")
        assert sorted(Claim.objects.values_list("state", flat=True)) == ["found", "given-up"]

    def test_ro_06_whom_the_claim_that_is_given_up_meant_waits_until_then(self, town):
        writer = somebody(None, wanted=lambda fate: fate.rest % 2 == 0)
        meant = somebody(None, wanted=lambda fate: fate.rest % 2 == 1, sent_on=1)
        portal.InsIdentity.objects.filter(pk=meant.pk).update(birth_date="1981-01-04")
        desk = Desk(PLAN, town.staff, town.tally)
        desk.work(39)
        assert EligiblePerson.objects.get(pk=meant.pk).hold == "claim"
        assert Claim.objects.get(birth_date="1981-01-04").due_on == PLAN.day(46)

        desk.work(46)
        assert (state_of(writer), state_of(meant)) == (State.OPPOSED, State.NOTICE_SENT)
        assert EligiblePerson.objects.get(pk=meant.pk).hold == ""

    def test_with_nobody_to_be_found_there_is_one_claim(self, town):
        desk = Desk(PLAN, town.staff, town.tally)
        for day in (39, 46):
            desk.work(day)
        assert town.tally == {"claims": 1, "claims given up": 1}
