"""Taking people into the approved waves, and letting them go again (ROL-12): in slices, one process at a time.

A wave that changed has let its former people go before it may be approved anew, so nobody stands in it by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Protocol
from uuid import UUID

from django.db import transaction

from apps.common.failpoints import reach
from apps.common.locks import LockTakenError, advisory_lock
from apps.rollout import criteria
from apps.rollout.models import EligiblePerson, Wave, WaveEvent

ACTOR = "rollout.fill"
SLICE = 10_000  # people a transaction
SECONDS = 150.0  # a run ends well before the time limit of a task; the next one goes on
_LOCK = 0x526F6C6C_57617665  # "RollWave"
_RUNNING = (Wave.State.NOTIFYING, Wave.State.WINDOW, Wave.State.OPENING)


class _Slice(Protocol):
    """One transaction: the last id it worked on, None at the end."""

    def __call__(self, wave: Wave, *, after: UUID, at: datetime, done: Filled) -> UUID | None: ...


@dataclass(slots=True, kw_only=True)
class Filled:
    """People taken into waves and let go by this run."""

    taken: int = 0
    let_go: int = 0


def fill_due(*, at: datetime, seconds: float = SECONDS) -> Filled:
    """Take free people into approved waves and into continuous ones that run (SPA-13); let go those of drafts.

    Nothing while another run does. A run ends after `seconds` at the next slice.
    """
    done, deadline = Filled(), monotonic() + seconds
    try:
        with advisory_lock(_LOCK, wait=False):
            for wave_id in _to_empty():
                _slices(wave_id, _let_go, at=at, done=done, deadline=deadline)
            for wave_id in _to_fill():
                _slices(wave_id, _take, at=at, done=done, deadline=deadline)
    except LockTakenError:
        return done
    return done


def _to_empty() -> list[UUID]:
    rows = Wave.objects.filter(state__in=(Wave.State.DRAFT, Wave.State.CANCELLED), people__gt=0)
    return list(rows.order_by("number").values_list("pk", flat=True))


def _to_fill() -> list[UUID]:
    approved = Wave.objects.filter(state=Wave.State.APPROVED, filled_at=None)
    running = Wave.objects.filter(state__in=_RUNNING, is_continuous=True)
    return [pk for rows in (approved, running) for pk in rows.order_by("number").values_list("pk", flat=True)]


def _slices(wave_id: UUID, slice_of: _Slice, *, at: datetime, done: Filled, deadline: float) -> None:
    after: UUID | None = UUID(int=0)
    while after is not None and monotonic() < deadline:
        with transaction.atomic():
            wave = Wave.objects.select_for_update(of=("self",)).get(pk=wave_id)
            after = slice_of(wave, after=after, at=at, done=done)
            reach("rollout.filling.before_commit")


def _take(wave: Wave, *, after: UUID, at: datetime, done: Filled) -> UUID | None:
    """The next people of a wave; the last of their ids, None once nobody is left."""
    if wave.state not in {Wave.State.APPROVED, *_RUNNING}:
        return None  # changed or cancelled meanwhile
    room = SLICE if wave.at_most is None else min(SLICE, wave.at_most - wave.people)
    people = _next(wave, after, room) if room > 0 else []
    taken = EligiblePerson.objects.filter(pk__in=people, wave=None).update(wave=wave)
    wave.people += taken
    done.taken += taken
    is_full = len(people) < SLICE
    if is_full and wave.filled_at is None:
        wave.filled_at = at
        WaveEvent.objects.create(wave=wave, at=at, kind="filled", actor=ACTOR, facts={"people": wave.people})
    wave.save(update_fields=["people", "filled_at"])
    return None if is_full else people[-1]


def _next(wave: Wave, after: UUID, room: int) -> list[UUID]:
    rows = criteria.free(wave).filter(pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:room])


def _let_go(wave: Wave, *, after: UUID, at: datetime, done: Filled) -> UUID | None:  # noqa: ARG001  one shape
    """The next people of a draft; its count is 0 once nobody is left."""
    if wave.state not in {Wave.State.DRAFT, Wave.State.CANCELLED}:
        return None
    members = EligiblePerson.objects.filter(wave=wave, pk__gt=after).order_by("pk")
    people = list(members.values_list("pk", flat=True)[:SLICE])
    done.let_go += EligiblePerson.objects.filter(pk__in=people, wave=wave).update(wave=None)
    if len(people) < SLICE:
        wave.people = 0
        wave.save(update_fields=["people"])
        return None
    return people[-1]
