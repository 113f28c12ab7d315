"""Pilot and generalisation are two sets of figures, never added up (decisions.md 38)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from apps.rollout.models import Wave

PARAMETER = "etape"
_WORDS = {Wave.Stage.PILOT: "pilote", Wave.Stage.GENERAL: "generalisation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The stage that the page shows, its waves, and the tabs when there are two."""

    stage: Wave.Stage
    waves: tuple[Wave, ...]
    tabs: tuple[Tab, ...]

    @property
    def wave_ids(self) -> frozenset[UUID | None]:
        return frozenset(wave.pk for wave in self.waves)

    @property
    def query(self) -> str:
        return f"?{PARAMETER}={_WORDS[self.stage]}"


def chosen(request: HttpRequest, waves: Sequence[Wave]) -> Chosen:
    """The stage of the address; else that of the latest wave, the pilot when there is none."""
    present = [stage for stage in Wave.Stage if any(wave.stage == stage for wave in waves)]
    latest = max(waves, key=lambda wave: wave.number, default=None)
    wanted = {word: stage for stage, word in _WORDS.items()}.get(request.GET.get(PARAMETER, ""))
    stage = wanted or (Wave.Stage(latest.stage) if latest else Wave.Stage.PILOT)
    return Chosen(
        stage=stage,
        waves=tuple(wave for wave in waves if wave.stage == stage),
        tabs=tuple(_tabs(present, stage)) if len(present) > 1 else (),
    )


def _tabs(present: Iterable[Wave.Stage], current: Wave.Stage) -> Iterable[Tab]:
    for stage in present:
        yield Tab(label=str(stage.label), url=f"?{PARAMETER}={_WORDS[stage]}", is_current=stage == current)
