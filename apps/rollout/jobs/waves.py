"""Moves waves on as their people move on (RO-04): a row a wave, asked again every few minutes, never early."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.common.dates import PARIS, midnight
from apps.rollout.figures.counting import FINAL
from apps.rollout.jobs import filling
from apps.rollout.models import EligiblePerson, Wave, WaveEvent
from apps.rollout.stops import is_stopped
from apps.rollout.window import window_end

ACTOR = "rollout.waves"
Person = EligiblePerson.State
Stage = Wave.State
# Who still waits for a first notice; held people do not count: an operator comes first.
UNSENT = (Person.ELIGIBLE, Person.NOTICE_QUEUED, Person.NOTICE_FAILED)


def advance(*, at: datetime) -> dict[str, int]:
    """Fill waves, then move each as far as it may go; how many came to which state.

    Run late or twice it does the same: each step is read from rows.
    """
    filling.fill_due(at=at)
    moved: dict[str, int] = {}
    for wave_id in Wave.objects.filter(state__in=Wave.RUNNING).order_by("number").values_list("pk", flat=True):
        for state in _advance(wave_id, at):
            moved[state] = moved.get(state, 0) + 1
    return moved


@transaction.atomic
def _advance(wave_id: UUID, at: datetime) -> list[str]:
    """States that one wave came through now."""
    wave = Wave.objects.select_for_update(of=("self",)).get(pk=wave_id)
    passed = []
    while (state := _next(wave, at)) is not None:
        facts = {"from": wave.state, "to": state.value}
        wave.state = state
        wave.closed_at = at if state is Stage.CLOSED else None
        wave.save(update_fields=["state", "closed_at"])
        WaveEvent.objects.create(wave=wave, at=at, kind="state", actor=ACTOR, rule="ROL-12", facts=facts)
        passed.append(state.value)
    return passed


def _next(wave: Wave, at: datetime) -> Wave.State | None:
    match wave.state:
        case Stage.APPROVED if _may_send(wave, at):
            return Stage.NOTIFYING
        case Stage.NOTIFYING | Stage.WINDOW | Stage.OPENING if wave.is_continuous:
            return None  # sends, waits and opens every day, and never ends (SPA-13)
        case Stage.NOTIFYING if not _is_sending(wave):
            return Stage.WINDOW  # spaces whose window is over open meanwhile: that waits for no state of the wave
        case Stage.WINDOW if wave.may_open and _first_window_is_over(wave, at):
            return Stage.OPENING
        case Stage.OPENING if _is_done(wave):
            return Stage.CLOSED
    return None


def _may_send(wave: Wave, at: datetime) -> bool:
    due = wave.filled_at is not None and wave.first_send_on <= at.astimezone(PARIS).date()
    return due and wave.paused_at is None and not is_stopped(wave.pk)


def _is_sending(wave: Wave) -> bool:
    waiting = wave.members.filter(state__in=UNSENT, hold="", double_of=None, identity__died_on=None)
    return waiting.exists()


def _first_window_is_over(wave: Wave, at: datetime) -> bool:
    """The day of the wave is asked first: it spares looking for people during six weeks."""
    if at < window_end(midnight(wave.first_send_on)):
        return False
    return wave.members.filter(window_ends_at__lte=at).exists()


def _is_done(wave: Wave) -> bool:
    """What follows a final state has clocks of its own (SPA-05, SPA-21)."""
    return not wave.members.exclude(state__in=FINAL).exists()
