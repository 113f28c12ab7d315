"""Spaces and the rights in them."""

from __future__ import annotations

from datetime import date, timedelta

from tests import factories
from tests.dmp.factories import filed
from tests.harness.clock import NOON
from tests.security.scenes.base import Ids, Scene, World


def _ended(_world: World) -> Ids:
    """A mandate that ended an hour ago, and a child who turns 18 in two months."""
    space, child = factories.space(), factories.space(person=factories.identity(birth_date="2009-01-20"))
    relative, mother = factories.identity(), factories.identity()
    for number, person in enumerate((space.identity, relative, mother)):
        factories.user(person=person, email=f"person{number}@example.org")
    factories.delegation(of=space, person=relative, ends_at=NOON - timedelta(hours=1))
    factories.representation(of=child, person=mother, ends_at=NOON + timedelta(days=56))
    return {}


def _dead(_world: World) -> Ids:
    for number in (20, 21):
        space = factories.space(person=factories.identity())
        filed(space)
        space.identity.died_on = date(2026, 11, number)
        space.identity.save(update_fields=["died_on"])
    return {}


SCENES = [
    Scene(task="spaces.tell_ended", build=_ended),
    Scene(task="spaces.close_dead", build=_dead),
]
