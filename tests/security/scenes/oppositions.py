"""Oppositions that are asked about again, and claims whose person is not found yet."""

from __future__ import annotations

from datetime import timedelta

from apps.rollout.services import claims
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.test_confirming import opposed
from tests.rollout.test_intake import new
from tests.security.scenes.base import Ids, Scene, World

LATER = NOON + timedelta(hours=1)


def _had_a_dmp(_world: World) -> Ids:
    for _ in range(2):
        opposed()
    return {}


def _newcomer(_world: World) -> Ids:
    """Comes into the register after the claim that may mean them."""
    claims.open_claim(actor=portal.at_work(portal.staff()), new=new(), at=NOON)
    factories.person()
    return {}


SCENES = [
    Scene(task="rollout.ask_to_confirm", build=_had_a_dmp, at=LATER),
    Scene(task="rollout.hold_claimed", build=_newcomer),
]
