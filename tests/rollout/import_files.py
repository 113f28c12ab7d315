"""A file on its way into the register, for tests of the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.test import TestCase

from apps.access import Actor
from apps.accounts.models import StaffRole, User
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.rollout.jobs import import_files
from apps.rollout.models import ImportFile
from apps.rollout.services import import_console
from tests import factories
from tests.harness.clock import NOON
from tests.rollout.files import FATHER, content, row

GOOD = content(row(), row(**FATHER))
BAD = content(row(), row(sexe="X"))


def acting(user: User | None = None) -> Actor:
    return factories.at_work(user or factories.staff(StaffRole.OPERATOR))


def bring(data: bytes, *, actor: Actor | None = None, **options: object) -> ImportFile:
    values: dict[str, object] = {"name": "eligibles.csv", "sha256": "", "at": NOON, **options}
    with TestCase.captureOnCommitCallbacks(execute=True):
        return import_console.bring_upload(actor=actor or acting(), blocks=[data], **values)  # type: ignore[arg-type]


def ticking(start: datetime = NOON) -> Callable[[], datetime]:
    """A clock that goes on by ten seconds at each look."""
    ticks = iter(range(1, 100_000))
    return lambda: start + timedelta(seconds=10 * next(ticks))


def work(clock: Callable[[], datetime] | None = None, *, seconds: float = 60) -> int:
    """Carry on until nothing is left to do; returns how many tasks that took."""
    clock, tasks = clock or ticking(), 1
    with TestCase.captureOnCommitCallbacks(execute=True):
        while import_files.go_on(clock=clock, seconds=seconds):
            tasks += 1
    return tasks


def tried(data: bytes, **options: object) -> ImportFile:
    file = bring(data, **options)  # type: ignore[arg-type]
    work()
    file.refresh_from_db()
    return file


def received(folder: Path) -> list[str]:
    """Names of uploaded files that are still there."""
    return sorted(path.name for path in folder.glob("received/*"))


def confirmed(data: bytes = GOOD, *, actor: Actor | None = None, is_complete: bool = False) -> ImportFile:
    """Tried, then confirmed by an operator."""
    file = tried(data)
    return import_console.confirm(actor=actor or acting(), file_id=file.id, is_complete=is_complete, at=NOON)


def actions() -> list[str]:
    """What the trail says about imports, in its order."""
    lines = events_of(PLATFORM_SCOPE).filter(action__startswith="rollout.import.")
    return list(lines.order_by("at", "id").values_list("action", flat=True))
