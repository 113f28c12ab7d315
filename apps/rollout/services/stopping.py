"""The big stop and the restart (RO-08, REL-10): one person stops, two people start again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.audit.services import Fact, Line, record
from apps.rollout import policies
from apps.rollout.models import StopOrder, Wave, WaveEvent
from apps.rollout.services.acting import person_who_acts
from apps.rollout.services.errors import NotAskedError, SamePersonError, UnknownWaveError


class UnknownStopError(Exception):
    """No such stop, or it was lifted already."""


@transaction.atomic
def order_stop(*, actor: Actor, wave_id: UUID | None, reason: str, at: datetime) -> StopOrder:
    """Halt sendings and openings of a wave, of everything without one; six weeks that run go on (ROL-12).

    Jobs read the row inside each batch, so it holds without queue and cache. Where a stop stands already, it stays as
    it is. Raises `UnknownWaveError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor)
    wave = _stoppable(wave_id) if wave_id is not None else None
    stop, made = StopOrder.objects.get_or_create(
        wave=wave,
        lifted_at=None,
        defaults={"reason": reason, "ordered_by_id": person, "ordered_at": at},
    )
    if made:
        _trace(actor, stop, "order", at)
    return stop


@transaction.atomic
def ask_restart(*, actor: Actor, stop_id: UUID, reason: str, at: datetime) -> StopOrder:
    """Ask that the stop be lifted, and say why; it stands until another person confirms. Asked again, nothing changes.

    Raises `UnknownStopError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor, roles=policies.RUNS)
    stop = _standing(stop_id)
    if stop.restart_asked_at is None:
        stop.restart_reason, stop.restart_asked_by_id, stop.restart_asked_at = reason, person, at
        stop.save(update_fields=["restart_reason", "restart_asked_by", "restart_asked_at"])
        _trace(actor, stop, "ask_restart", at)
    return stop


@transaction.atomic
def confirm_restart(*, actor: Actor, stop_id: UUID, at: datetime) -> StopOrder:
    """Lift the stop: sendings and openings go on from the next batch.

    Raises `UnknownStopError`, `NotAskedError`, `SamePersonError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor, roles=policies.APPROVES)
    stop = _standing(stop_id)
    if stop.restart_asked_at is None:
        raise NotAskedError
    if stop.restart_asked_by_id == person:
        raise SamePersonError
    stop.lifted_by_id, stop.lifted_at = person, at
    stop.save(update_fields=["lifted_by", "lifted_at"])
    _trace(actor, stop, "restart", at)
    return stop


def standing_stop(*, stop_id: UUID) -> StopOrder:
    """A stop that has not been lifted. Raises `UnknownStopError`."""
    found = StopOrder.objects.select_related("wave").filter(id=stop_id, lifted_at=None).first()
    if found is None:
        raise UnknownStopError
    return found


def _standing(stop_id: UUID) -> StopOrder:
    found = StopOrder.objects.select_for_update(of=("self",)).filter(id=stop_id, lifted_at=None).first()
    if found is None:
        raise UnknownStopError
    return found


def _stoppable(wave_id: UUID) -> Wave:
    wave = Wave.objects.filter(id=wave_id, state__in=Wave.RUNNING).first()
    if wave is None:
        raise UnknownWaveError
    return wave


def _trace(actor: Actor, stop: StopOrder, act: str, at: datetime) -> None:
    facts: dict[str, Fact] = {"everything": stop.wave_id is None}
    if stop.wave_id is not None:
        facts["wave"] = str(stop.wave_id)
        WaveEvent.objects.create(
            wave_id=stop.wave_id, at=at, kind=f"stop-{act.replace('_', '-')}", actor=str(actor.user_id), rule="RO-08"
        )
    record(actor=actor, at=at, line=Line(action=f"rollout.stop.{act}", target=f"stop:{stop.id}", facts=facts))
