"""Eligibility files on their way into the register."""

from __future__ import annotations

import os
from datetime import timedelta

from apps.accounts.models import StaffRole
from apps.rollout.jobs import import_files
from apps.rollout.models import ImportFile
from apps.rollout.services import import_console
from tests import factories
from tests.harness.clock import NOON
from tests.rollout.files import CHILD, FATHER, content, row
from tests.security.scenes.base import Ids, Scene, World

GOOD = content(row(), row(**FATHER), row(**CHILD))
BAD = content(row(), header="no;such;columns")


def _brought(world: World, data: bytes) -> ImportFile:
    world.settings.IMPORT_DIR = str(world.folder / "imports")
    return import_console.bring_upload(
        actor=_operator(), blocks=[data], name="eligibles.csv", sha256="", at=NOON - timedelta(hours=1)
    )


def _operator():
    return factories.at_work(factories.staff(StaffRole.OPERATOR))


def _to_try(world: World) -> Ids:
    _brought(world, GOOD)
    return {}


def _unreadable(world: World) -> Ids:
    _brought(world, BAD)
    return {}


def _to_write(world: World) -> Ids:
    file = _brought(world, GOOD)
    while import_files.go_on(clock=lambda: NOON - timedelta(minutes=30)):
        pass
    import_console.confirm(actor=_operator(), file_id=file.id, is_complete=False, at=NOON - timedelta(minutes=10))
    return {}


def _left_over(world: World) -> Ids:
    """An upload whose process died yesterday, and one of a file that is still needed."""
    needed = world.folder / "imports" / _brought(world, GOOD).path
    lost = needed.with_name("00000000-0000-7000-8000-000000000000.csv")
    lost.write_bytes(GOOD)
    yesterday = (NOON - timedelta(days=1)).timestamp()
    for path in (needed, lost):
        os.utime(path, (yesterday, yesterday))
    return {}


SCENES = [
    Scene(task="rollout.import_files", what="trial", build=_to_try),
    Scene(task="rollout.import_files", what="unreadable", build=_unreadable),
    Scene(task="rollout.import_files", what="import", build=_to_write),
    Scene(task="rollout.clear_imports", build=_left_over),
]
