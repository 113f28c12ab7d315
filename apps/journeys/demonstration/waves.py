"""The roll-out of the demonstration: an open pilot, a wave whose six weeks run, a draft (docs/demonstration.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from apps.common.dates import PARIS
from apps.common.ids import uuid7
from apps.journeys.demonstration.staff import APPROVER, OPERATOR, at_work
from apps.journeys.demonstration.story import opened_at
from apps.rollout.jobs.preparing import prepare_due
from apps.rollout.jobs.rehearsing import count_as_sent
from apps.rollout.jobs.waves import advance
from apps.rollout.models import Wave
from apps.rollout.population.plans import PILOT_DEPARTMENTS
from apps.rollout.services import letting_open, waves

CORSICA = ("2A", "2B")  # nobody of the cast lives there
DEPARTMENTS = (*PILOT_DEPARTMENTS, *CORSICA)
_OF_PILOT = timedelta(days=50)  # from its notices to its opening
_DECIDED = timedelta(days=5)  # from the approval of a wave to its notices
_RUNNING = timedelta(days=20)  # since the notices of the second wave
_PILOT = waves.Content(
    name="Départements pilotes", stage=Wave.Stage.PILOT, departments=list(PILOT_DEPARTMENTS), schemes=[], situations=[],
    born_from=None, born_until=None, at_most=None, is_continuous=False, services=["dmp", "mss", "store"],
    channels=Wave.Channels.AS_WISHED, first_send_on=date.min, mails_a_day=10_000, letters_a_day=5_000,
)  # fmt: skip
_SECOND = replace(
    _PILOT, name="Corse", stage=Wave.Stage.GENERAL, departments=list(CORSICA), at_most=150, mails_a_day=100
)


def imported_at(today: date) -> datetime:
    """When the operators took in the file: ten days before the notices of the pilot."""
    return opened_at(today) - _OF_PILOT - timedelta(days=10)


def send_pilot(*, today: date) -> None:
    """The pilot departments got their notices in time for the opening; two people let it open."""
    sent_at = opened_at(today) - _OF_PILOT
    wave = _approved(_PILOT, sent_at)
    _send(sent_at)
    letting_open.ask_opening(actor=at_work(OPERATOR, sent_at), wave_id=wave.pk, at=sent_at)
    letting_open.approve_opening(actor=at_work(APPROVER, sent_at), wave_id=wave.pk, at=sent_at)
    advance(at=opened_at(today))


def send_second(*, today: date) -> None:
    """A wave whose people may still oppose; what its first day had no room for is really sent once workers run."""
    sent_at = datetime.combine(today, time(9), PARIS) - _RUNNING
    _approved(_SECOND, sent_at)
    _send(sent_at)


def draft_third(*, today: date, at: datetime) -> None:
    """What nobody has approved yet."""
    content = replace(_SECOND, name="Corse, suite", at_most=None, first_send_on=today + timedelta(days=14))
    waves.create_wave(actor=at_work(OPERATOR, at), wave_id=uuid7(), content=content, at=at)


def _approved(content: waves.Content, sent_at: datetime) -> Wave:
    decided_at = sent_at - _DECIDED
    content = replace(content, first_send_on=sent_at.astimezone(PARIS).date())
    wave = waves.create_wave(actor=at_work(OPERATOR, decided_at), wave_id=uuid7(), content=content, at=decided_at)
    seen = waves.version_of(wave)
    return waves.approve_wave(actor=at_work(APPROVER, decided_at), wave_id=wave.pk, seen=seen, at=decided_at)


def _send(at: datetime) -> None:
    advance(at=at)
    prepare_due(at=at)
    count_as_sent(at=at)
    advance(at=at)
