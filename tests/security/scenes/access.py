"""Sessions and the trail."""

from __future__ import annotations

from datetime import timedelta

from apps.access import SYSTEM
from apps.accounts.models import SignInSession
from apps.audit.services import Line, record_many
from apps.common.ids import uuid7
from tests import factories
from tests.harness.clock import NOON
from tests.security.scenes.base import Ids, Scene, World


def _old_sessions(_world: World) -> Ids:
    user = factories.user(person=factories.identity())
    for days in (0, 3):
        ended = NOON - timedelta(days=days)
        SignInSession.objects.create(
            pk=uuid7().hex * 2, data="", user=user, level="eidas2", opened_at=ended - timedelta(hours=1),
            last_seen_at=ended, expires_at=ended,
        )  # fmt: skip
    return {}


def _unsealed(world: World) -> Ids:
    world.settings.AUDIT_HEADS_DIR = str(world.folder / "heads")
    record_many(actor=SYSTEM, at=NOON, lines=[Line(action="a.b.c")] * 3)
    return {}


SCENES = [
    Scene(task="accounts.clear_sessions", build=_old_sessions),
    Scene(task="audit.seal", build=_unsealed),
]
