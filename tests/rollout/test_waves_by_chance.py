"""Any acts of any people in any order (SEC-21): no wave runs, opens or starts again by one person alone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.ids import uuid7
from apps.rollout.jobs import waves as moving
from apps.rollout.models import EligiblePerson, Notice, StopOrder, Wave, WaveEvent
from apps.rollout.services import errors, letting_open, stopping, waves
from tests import factories as people
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.test_waves import content

pytestmark = pytest.mark.django_db
REFUSED = (
    errors.SamePersonError,
    errors.WaveChangedError,
    errors.WrongStateError,
    errors.NobodyMeantError,
    errors.NoCapacityError,
    errors.StillReleasingError,
    errors.UnknownWaveError,
    errors.NotAskedError,
    stopping.UnknownStopError,
)
ACTS = (
    "create", "change", "approve", "cancel", "pause", "resume", "ask opening", "approve opening", "stop", "ask restart",
    "confirm restart", "advance", "notify",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 1)), min_size=4, max_size=25
)  # act, person, wave


class Office:
    """Three people, two waves of the same people, and whatever they do."""

    def __init__(self) -> None:
        self.team = [people.staff(StaffRole.OPERATOR, StaffRole.APPROVER) for _ in range(3)]
        self.ids = [uuid7(), uuid7()]
        self.at = NOON
        run = factories.run()
        for _ in range(3):
            factories.person(run=run)

    def act(self, name: str, person: int, number: int) -> None:
        """One act; what is refused changes nothing."""
        self.at += timedelta(minutes=1)
        actor = people.at_work(self.team[person], at=self.at)
        wave = Wave.objects.filter(pk=self.ids[number]).first()
        before = self.picture()
        try:
            self.do(name, actor, wave, self.ids[number])
        except REFUSED:
            assert self.picture() == before

    def do(self, name: str, actor: Actor, wave: Wave | None, wave_id: UUID) -> None:
        seen = waves.version_of(wave) if wave is not None else "0"
        common = {"actor": actor, "wave_id": wave_id, "at": self.at}
        wanted = content(first_send_on=date(2026, 11, 20))
        standing = StopOrder.objects.filter(lifted_at=None).order_by("pk").first()
        of_stop = {"actor": actor, "stop_id": standing.pk if standing is not None else uuid7(), "at": self.at}
        acts = {
            "create": lambda: waves.create_wave(content=wanted, **common),
            "change": lambda: waves.change_wave(content=wanted, seen=seen, **common),
            "approve": lambda: waves.approve_wave(seen=seen, **common),
            "cancel": lambda: waves.cancel_wave(seen=seen, **common),
            "pause": lambda: waves.pause_wave(**common),
            "resume": lambda: waves.resume_wave(**common),
            "ask opening": lambda: letting_open.ask_opening(**common),
            "approve opening": lambda: letting_open.approve_opening(**common),
            "stop": lambda: stopping.order_stop(reason="x", **common),
            "ask restart": lambda: stopping.ask_restart(reason="y", **of_stop),
            "confirm restart": lambda: stopping.confirm_restart(**of_stop),
            "advance": lambda: moving.advance(at=self.at),
            "notify": lambda: self.notify(wave),
        }
        acts[name]()

    def notify(self, wave: Wave | None) -> None:
        """The first notices, once the wave writes."""
        if wave is not None and wave.state == Wave.State.NOTIFYING:
            for one in wave.members.filter(state="ELIGIBLE").order_by("pk"):
                factories.noticed(one, sent_at=self.at)

    def picture(self) -> object:
        """Everything that an act may change."""
        return (
            sorted(Wave.objects.values_list("pk", "state", "author", "approver", "paused_at", "people")),
            sorted(StopOrder.objects.values_list("pk", "lifted_by")),
            WaveEvent.objects.count(),
        )

    def check(self) -> None:
        """What holds after every act."""
        for wave in Wave.objects.order_by("pk"):
            if wave.state not in {Wave.State.DRAFT, Wave.State.CANCELLED}:
                assert wave.approver_id not in {None, wave.author_id}
            else:
                assert (wave.approver_id, wave.may_open) == (None, False)
                assert not Notice.objects.filter(wave=wave).exists()
            if wave.may_open:
                assert wave.opening_approved_by_id not in {None, wave.opening_asked_by_id}
            assert wave.people == wave.members.count()
        for stop in StopOrder.objects.exclude(lifted_at=None).order_by("pk"):
            assert stop.lifted_by_id not in {None, stop.restart_asked_by_id}
        assert EligiblePerson.objects.count() == 3


@settings(max_examples=50)
@given(steps=STEPS)
def test_sec_21_never_by_one_person_alone(steps):
    with transaction.atomic():
        office = Office()
        for step in (("create", 0, 0), ("create", 1, 1), *steps):
            office.act(*step)
            office.check()
        transaction.set_rollback(True)


def test_the_story_that_everybody_hopes_for():
    office = Office()
    story = [
        ("create", 0), ("approve", 1), ("advance", 0), ("notify", 0), ("stop", 2), ("ask restart", 2),
        ("confirm restart", 0), ("ask opening", 0), ("approve opening", 2), ("advance", 0),
    ]  # fmt: skip
    for name, person in story:
        office.act(name, person, 0)
        office.check()
    wave = Wave.objects.get()
    assert (wave.state, wave.people, wave.may_open) == ("window", 3, True)
    assert not StopOrder.objects.filter(lifted_at=None).exists()
