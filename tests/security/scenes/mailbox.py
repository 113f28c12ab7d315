"""Messages that the door has taken."""

from __future__ import annotations

from tests import factories
from tests.mss.arriving import arrive, letter
from tests.security.scenes.base import Ids, Scene, World


def _arrived(_world: World) -> Ids:
    """One for two spaces, the holder of the first one is told; another one for a third."""
    space = factories.space()
    factories.user(person=space.identity, email="alice@example.org")
    arrive(letter(), space, factories.space())
    arrive(letter(number="m2"), factories.space())
    return {}


SCENES = [Scene(task="mss.file_arrivals", build=_arrived)]
