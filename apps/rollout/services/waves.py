"""Waves: made by one person, approved by another, changed before the first notice only (RO-04, SEC-21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from apps.access import Actor
from apps.audit.services import Line, record
from apps.common.tasks import enqueue
from apps.rollout import criteria, planning, policies, tasks
from apps.rollout.models import Notice, Wave, WaveEvent
from apps.rollout.services.acting import person_who_acts
from apps.rollout.services.errors import (
    NobodyMeantError,
    NoCapacityError,
    SamePersonError,
    StillReleasingError,
    UnknownWaveError,
    WaveChangedError,
    WrongStateError,
)

State = Wave.State
NUMBERS = 0x526F6C6C_4E756D62  # "RollNumb": one new number at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the author decides about a wave; the names are those of `Wave`."""

    name: str
    stage: str
    departments: list[str]
    schemes: list[str]
    situations: list[str]
    born_from: date | None
    born_until: date | None
    at_most: int | None
    is_continuous: bool
    services: list[str]
    channels: str
    first_send_on: date
    mails_a_day: int
    letters_a_day: int


def draft_of(content: Content) -> Wave:
    """A wave that is not saved, to count and to plan with."""
    return Wave(**asdict(content))


def load_of(*, wave: Wave, counted: criteria.Headcount) -> planning.Load:
    """Notices of a wave against its capacity."""
    return planning.Load(
        mails=counted.mails,
        letters=counted.letters,
        mails_a_day=wave.mails_a_day,
        letters_a_day=wave.letters_a_day,
    )


def wave_of(*, wave_id: UUID) -> Wave:
    """One wave with the people who decided about it. Raises `UnknownWaveError`."""
    people = ("author", "approver", "opening_asked_by", "opening_approved_by")
    found = Wave.objects.select_related(*people).filter(id=wave_id).first()
    if found is None:
        raise UnknownWaveError
    return found


def version_of(wave: Wave) -> str:
    """What a page has seen of a wave: how many events it had (REL-21)."""
    return str(wave.events.count())


@transaction.atomic
def create_wave(*, actor: Actor, wave_id: UUID, content: Content, at: datetime) -> Wave:
    """A draft under the next number. The same `wave_id` again is the same wave: a form sent twice makes one.

    Raises `AccessDeniedError`.
    """
    author = person_who_acts(actor, roles=policies.RUNS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERS])
    found = Wave.objects.filter(id=wave_id).first()
    if found is not None:
        return found
    last = Wave.objects.aggregate(last=Max("number"))["last"] or 0
    wave = Wave.objects.create(id=wave_id, number=last + 1, author_id=author, created_at=at, **asdict(content))
    trace(actor=actor, wave=wave, act="create", at=at)
    return wave


@transaction.atomic
def change_wave(*, actor: Actor, wave_id: UUID, seen: str, content: Content, at: datetime) -> Wave:
    """Change a draft, or an approved wave that has written to nobody: it is a draft again and needs a new approval.

    Who changes it becomes its author. Its people are let go by the worker before it can be approved anew.
    Raises `UnknownWaveError`, `WaveChangedError`, `WrongStateError`, `AccessDeniedError`.
    """
    author = person_who_acts(actor, roles=policies.RUNS)
    wave = _locked(wave_id, seen)
    _back_to_draft(wave)
    for name, value in asdict(content).items():
        setattr(wave, name, value)
    wave.author_id = author
    wave.save()
    trace(actor=actor, wave=wave, act="change", at=at)
    enqueue(tasks.advance)
    return wave


@transaction.atomic
def approve_wave(*, actor: Actor, wave_id: UUID, seen: str, at: datetime) -> Wave:
    """Approve a draft of somebody else. The worker then takes its people in, each into one wave only.

    Raises `UnknownWaveError`, `WaveChangedError`, `WrongStateError`, `SamePersonError`, `StillReleasingError`,
    `NobodyMeantError`, `NoCapacityError`, `AccessDeniedError`.
    """
    approver = person_who_acts(actor, roles=policies.APPROVES)
    wave = _locked(wave_id, seen)
    if wave.state != State.DRAFT:
        raise WrongStateError(wave.state)
    if wave.author_id == approver:
        raise SamePersonError
    if wave.people:
        raise StillReleasingError
    counted = criteria.count(wave)
    if not counted.people and not wave.is_continuous:
        raise NobodyMeantError
    if planning.never_ends(load_of(wave=wave, counted=counted)):
        raise NoCapacityError
    wave.state, wave.approver_id, wave.approved_at = State.APPROVED, approver, at
    wave.save(update_fields=["state", "approver", "approved_at"])
    trace(actor=actor, wave=wave, act="approve", at=at, facts={"people": counted.people})
    enqueue(tasks.advance)
    return wave


@transaction.atomic
def cancel_wave(*, actor: Actor, wave_id: UUID, seen: str, at: datetime) -> Wave:
    """Give up a wave that has written to nobody; its people are free for another one.

    Raises `UnknownWaveError`, `WaveChangedError`, `WrongStateError`, `AccessDeniedError`.
    """
    person_who_acts(actor, roles=policies.RUNS)
    wave = _locked(wave_id, seen)
    _back_to_draft(wave)
    wave.state = State.CANCELLED
    wave.save()
    trace(actor=actor, wave=wave, act="cancel", at=at)
    enqueue(tasks.advance)
    return wave


@transaction.atomic
def pause_wave(*, actor: Actor, wave_id: UUID, at: datetime) -> Wave:
    """Send no new notice of this wave; windows that run go on, and so do openings (ROL-12). Paused twice is once.

    Raises `UnknownWaveError`, `WrongStateError`, `AccessDeniedError`.
    """
    person_who_acts(actor, roles=policies.RUNS)
    wave = _locked(wave_id)
    if wave.state not in Wave.RUNNING:
        raise WrongStateError(wave.state)
    if wave.paused_at is None:
        wave.paused_at = at
        wave.save(update_fields=["paused_at"])
        trace(actor=actor, wave=wave, act="pause", at=at)
    return wave


@transaction.atomic
def resume_wave(*, actor: Actor, wave_id: UUID, at: datetime) -> Wave:
    """Send again. Raises `UnknownWaveError`, `AccessDeniedError`."""
    person_who_acts(actor, roles=policies.RUNS)
    wave = _locked(wave_id)
    if wave.paused_at is not None:
        wave.paused_at = None
        wave.save(update_fields=["paused_at"])
        trace(actor=actor, wave=wave, act="resume", at=at)
    return wave


def trace(*, actor: Actor, wave: Wave, act: str, at: datetime, facts: Mapping[str, int] | None = None) -> None:
    """One event of the wave and one line of the trail for an act that a person did."""
    said = {"wave": wave.number, **(facts or {})}
    kind = act.replace("_", "-")
    WaveEvent.objects.create(wave=wave, at=at, kind=kind, actor=str(actor.user_id), rule="ROL-12", facts=facts or {})
    record(actor=actor, at=at, line=Line(action=f"rollout.wave.{act}", target=f"wave:{wave.pk}", facts=said))


def may_change(wave: Wave) -> bool:
    """Whether the wave may be changed or given up: it has written to nobody."""
    if wave.state == State.DRAFT:
        return True
    return wave.state == State.APPROVED and not Notice.objects.filter(wave=wave).exists()


def _locked(wave_id: UUID, seen: str | None = None) -> Wave:
    """The wave, for a change; compared with what the page has shown, where it says so."""
    wave = Wave.objects.select_for_update(of=("self",)).filter(id=wave_id).first()
    if wave is None:
        raise UnknownWaveError
    if seen is not None and seen != version_of(wave):
        raise WaveChangedError
    return wave


def _back_to_draft(wave: Wave) -> None:
    if not may_change(wave):
        raise WrongStateError(wave.state)
    wave.state, wave.approver, wave.approved_at, wave.filled_at = State.DRAFT, None, None, None
    wave.opening_asked_by, wave.opening_asked_at = None, None
    wave.opening_approved_by, wave.opening_approved_at = None, None
    wave.paused_at = None
