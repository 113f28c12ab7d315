"""Waves that fill and move on, and the figures of the roll-out."""

from __future__ import annotations

from datetime import date

from apps.rollout.figures import kept
from apps.rollout.models import EligiblePerson
from tests.rollout import factories
from tests.security.scenes.base import Ids, Scene, World

MONDAY = date(2026, 11, 23)  # two days before NOON


def _approved(_world: World) -> Ids:
    """Takes its people in and begins to send."""
    for department in ("44", "44", "31"):
        factories.person(department=department)
    factories.wave(state="approved", first_send_on=MONDAY)
    return {}


def _all_written_to(_world: World) -> Ids:
    """One wave has written to everybody, another one has nobody left who is not done."""
    factories.noticed(factories.person(wave=factories.wave()))
    factories.person(wave=factories.opening_wave(), state=EligiblePerson.State.OPEN_ACTIVE)
    return {}


def _draft(_world: World) -> Ids:
    """Changed after its approval: lets its people go."""
    wave = factories.wave(state="draft", people=1)
    factories.person(wave=wave)
    return {}


def _big_register(world: World) -> Ids:
    world.monkeypatch.setattr(kept, "SMALL", -2)
    factories.noticed(factories.person(wave=factories.wave()))
    return {}


SCENES = [
    Scene(task="rollout.advance", what="approved", build=_approved),
    Scene(task="rollout.advance", what="written to", build=_all_written_to),
    Scene(task="rollout.advance", what="draft", build=_draft),
    # Figures say of which minute they speak: they are counted anew, the rows stay the same ones.
    Scene(
        task="rollout.keep_figures",
        build=_big_register,
        looked_at=frozenset({("rollout_keptfigures", "made_at")}),
    ),
]
