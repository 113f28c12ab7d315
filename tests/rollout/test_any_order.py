"""Whatever happens to people in whatever order: opposition beats opening, nobody early, everybody accounted for.

REL-09, ROL-14, ROL-20: acts of people, of operators and of jobs in any order, across both changes of the clock.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.common.dates import PARIS
from apps.rollout.figures import counting, outcomes, sums
from apps.rollout.figures.differences import reconcile
from apps.rollout.figures.outcomes import Outcome
from apps.rollout.figures.sheets import sheet
from apps.rollout.jobs import openings
from apps.rollout.jobs.preparing import prepare_due
from apps.rollout.jobs.rehearsing import count_as_sent
from apps.rollout.jobs.returning import Failure, fail
from apps.rollout.models import (
    Capacity,
    Channel,
    EligiblePerson,
    Notice,
    NoticeCode,
    Opposition,
    PersonTransition,
    StopOrder,
)
from apps.rollout.services import activating, opposing
from apps.rollout.services.activating import ActivationRefusedError
from apps.rollout.services.wishes import Wish, WishRefusedError
from apps.rollout.transitions import ALLOWED
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories

State = EligiblePerson.State
# Six weeks later lie the end of summer time, its beginning, a 29 February.
STARTS = (
    datetime(2026, 9, 14, 10, tzinfo=PARIS),
    datetime(2027, 2, 15, 23, 30, tzinfo=PARIS),
    datetime(2028, 1, 18, 0, 5, tzinfo=PARIS),
)
ACTS = (
    "open", "open", "open", "open", "oppose", "oppose", "withdraw", "confirm", "ask", "activate", "open_asked", "send",
    "bounce", "die", "stop", "lift", "hold", "release",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 1), st.sampled_from((0, 1, 20, 41, 42, 43))), min_size=2, max_size=8
)


class World:
    """Two people of a wave that may open; `now` goes on by itself."""

    def __init__(self, start: datetime, *, had_dmp: bool) -> None:
        self.wave = factories.opening_wave(first_send_on=start.astimezone(PARIS).date())
        self.wave.state = self.wave.State.NOTIFYING
        self.wave.save()
        self.people = [factories.person(wave=self.wave, had_dmp=had_dmp), factories.person(wave=self.wave)]
        self.now = start
        self.receipts: set[object] = set()

    def does(self, act: str, who: int, days: int) -> None:
        self.now += timedelta(days=days, seconds=1)
        person = EligiblePerson.objects.select_related("identity").get(pk=self.people[who].pk)
        with suppress(WishRefusedError, ActivationRefusedError):
            getattr(self, f"_{act}")(person)

    def _wish(self, person, channel=Channel.ONLINE) -> Wish:
        code = NoticeCode.objects.filter(person=person, ended_at=None).first()
        return Wish(channel=channel, capacity=Capacity.SELF, received_at=self.now, code=code)

    def _send(self, _person) -> None:
        prepare_due(at=self.now)
        count_as_sent(at=self.now)

    def _oppose(self, person) -> None:
        opposing.oppose(person_id=person.pk, wish=self._wish(person), at=self.now)

    def _withdraw(self, person) -> None:
        opposing.withdraw(person_id=person.pk, wish=self._wish(person), at=self.now)

    def _confirm(self, person) -> None:
        opposing.confirm(person_id=person.pk, wish=self._wish(person), at=self.now)

    def _ask(self, person) -> None:
        opposing.ask_opening(person_id=person.pk, wish=self._wish(person), at=self.now)

    def _activate(self, person) -> None:
        acting = activating.Acting(identity_id=person.pk, channel=Channel.ACCOUNT)
        activating.activate(person_id=person.pk, acting=acting, withdraws=True, at=self.now)

    def _open(self, _person) -> None:
        openings.open_spaces(at=self.now)

    def _open_asked(self, _person) -> None:
        openings.open_asked(at=self.now)

    def _bounce(self, person) -> None:
        notice = Notice.objects.filter(person=person, state=Notice.State.SENT, channel="mail").first()
        if notice is not None:
            failure = Failure(
                state=Notice.State.RETURNED, reason="smtp-550", actor="test", expected=(Notice.State.SENT,)
            )
            fail(notice_id=notice.pk, failure=failure, at=self.now)

    def _die(self, person) -> None:
        if person.state not in {State.OPEN, State.OPEN_ACTIVE}:
            portal.InsIdentity.objects.filter(pk=person.pk).update(died_on=date(2026, 9, 1))
            openings.open_spaces(at=self.now)

    def _stop(self, _person) -> None:
        StopOrder.objects.get_or_create(
            wave=None, lifted_at=None, defaults={"reason": "x", "ordered_by": self.wave.author, "ordered_at": self.now}
        )

    def _lift(self, _person) -> None:
        StopOrder.objects.filter(lifted_at=None).update(
            restart_reason="y", restart_asked_by=self.wave.author, restart_asked_at=self.now,
            lifted_by=self.wave.approver, lifted_at=self.now,
        )  # fmt: skip

    def _hold(self, person) -> None:
        EligiblePerson.objects.filter(pk=person.pk, hold="").update(hold="no-representative")

    def _release(self, person) -> None:
        EligiblePerson.objects.filter(pk=person.pk, hold="no-representative").update(hold="")


def check(world: World) -> None:
    """What holds after every step."""
    standing = set(Opposition.objects.filter(withdrawn_at=None).values_list("person_id", flat=True))
    spaces = dict(HealthSpace.objects.values_list("identity_id", "opened_at"))
    assert not standing & set(spaces)  # REL-09: nobody has both
    steps = PersonTransition.objects.order_by("id")
    for step in steps:
        assert ALLOWED[State(step.from_state), State(step.to_state)] == step.rule
        if step.rule == "SPA-03" and step.to_state == State.OPEN:
            sent_on = EligiblePerson.objects.get(pk=step.person_id).notice_sent_at.astimezone(PARIS).date()
            assert step.at.astimezone(PARIS).date() >= sent_on + timedelta(days=43)  # ROL-14
    for person in world.people:
        own = [(step.from_state, step.to_state) for step in steps if step.person_id == person.pk]
        assert [after for _before, after in own[:-1]] == [before for before, _after in own[1:]]
    assert reconcile() == []
    check_sums()


def check_sums() -> None:
    """The sheet has everybody once, counted both ways, and the console says the same of each end (ROL-02, RO-01)."""
    made = sheet(outcomes.cells())
    found = sums.of(counting.standings(counting.count("standings", NOON.date())))
    assert made.people == made.by_state == made.by_fact == found.people == EligiblePerson.objects.count()
    ends = {line.outcome.name.lower(): line.by_state for line in made.lines if line.outcome is not Outcome.WAITING}
    assert ends == {name: getattr(found, name) for name in ends}
    assert all(line.agrees and line.by_state == sum(part.people for part in line.details) for line in made.lines)


class AnyOrderTests(TestCase):
    @settings(max_examples=100)
    @given(steps=STEPS, start=st.sampled_from(STARTS), had_dmp=st.booleans())
    def test_rel_09_in_any_order_nobody_opposes_and_is_opened(self, steps, start, had_dmp):
        world = World(start, had_dmp=had_dmp)
        for act, who, days in [("send", 0, 0), *steps]:
            world.does(act, who, days)
            check(world)


@pytest.mark.django_db
@pytest.mark.parametrize("start", STARTS)
def test_s28_the_last_second_is_theirs_and_the_next_one_is_the_jobs(start):
    """Opposing a second before the end, or after it but before the job, wins; after the opening it is too late."""
    world = World(start, had_dmp=False)
    world.does("send", 0, 0)
    end = EligiblePerson.objects.get(pk=world.people[0].pk).window_ends_at
    world.now = end - timedelta(seconds=2)
    world.does("oppose", 0, 0)
    world.does("open", 0, 0)
    world.does("oppose", 1, 0)

    states = [EligiblePerson.objects.get(pk=person.pk).state for person in world.people]
    assert states == [State.OPPOSED, State.OPEN]
    assert HealthSpace.objects.get().opened_at == end
    check(world)
