"""The row of an import: begun, gone on with, ended."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import BinaryIO

from apps.access import Actor, Role
from apps.audit.services import Line, record
from apps.common.counts import COUNTS
from apps.rollout.jobs import staging
from apps.rollout.models import ImportRun

# One import or opening at a time (S27, ROL-21); any number that nothing else in this database uses.
LOCK = 0x656E7301
_BLOCK = 1 << 20


class ImportFailedError(Exception):
    """The database refused and nothing was written; `code` is its SQLSTATE. What it said holds values of lines and is
    dropped (SEC-22).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ImportInterruptedError(ImportFailedError):
    """The database refused after some slices had been written: the same import goes on from there."""


class UnfinishedImportError(Exception):
    """An import stopped while it wrote; `file_name` has to be imported again before anything else."""

    def __init__(self, file_name: str) -> None:
        super().__init__(file_name)
        self.file_name = file_name


def fingerprint_of(source: BinaryIO) -> tuple[str, int]:
    """SHA-256 in hexadecimal and size in bytes; the file is then at its beginning again."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        digest.update(block)
        size += len(block)
    source.seek(0)
    return digest.hexdigest(), size


def unfinished() -> ImportRun | None:
    """The run that may have stopped while it wrote, if there is one."""
    return ImportRun.objects.filter(state=ImportRun.State.RUNNING, staged__gt=0).first()


def begin(*, name: str, sha256: str, size: int, at: datetime) -> ImportRun:
    """The run of this file: the one that was killed, or a new one.

    The caller holds the lock, so whatever still runs was interrupted. A run of another file that had written nothing is
    given up; one that had begun to write has been finished before. Lines lost in a crash of the server are read again.
    """
    running = ImportRun.objects.filter(state=ImportRun.State.RUNNING)
    run = running.filter(sha256=sha256).first()
    running.exclude(sha256=sha256).update(state=ImportRun.State.INTERRUPTED, finished_at=at)
    if run is None:
        staging.empty_tables()
        return ImportRun.objects.create(file_name=name[:200], sha256=sha256, size=size, started_at=at)
    if not has_its_lines(run):
        start_over(run)
    return run


def has_its_lines(run: ImportRun) -> bool:
    """Whether the stage still holds what the run took in: a crash of the server empties it."""
    return staging.is_intact(run.staged if run.phase == ImportRun.Phase.APPLYING else run.accepted)


def has_written(run: ImportRun) -> bool:
    """Whether slices of the run are in the register."""
    begun_anew = run.staged > 0 and run.phase != ImportRun.Phase.APPLYING
    return begun_anew or run.slices.exists()


def start_over(run: ImportRun) -> None:
    """Read the file of a run from its first line again; what it wrote stays and is recognised."""
    staging.empty_tables()
    run.slices.all().delete()
    run.phase, run.next_place, run.next_line = ImportRun.Phase.STAGING, 0, 2
    for count in COUNTS:
        setattr(run, count, 0)
    run.save()


def end(run: ImportRun, *, state: ImportRun.State, reason: str, at: datetime) -> None:
    """A run that wrote nothing ends; its lines are forgotten."""
    staging.empty_tables()
    ImportRun.objects.filter(pk=run.pk).update(state=state, reason=reason, finished_at=at, **dict.fromkeys(COUNTS, 0))


def finish(run: ImportRun, *, at: datetime) -> None:
    """Everything is written: one line in the trail with the counts (IDN-50)."""
    run.state, run.finished_at, run.reason = ImportRun.State.DONE, at, ""
    run.save(update_fields=["state", "finished_at", "reason"])
    facts = {name: getattr(run, name) for name in COUNTS}
    line = Line(action="rollout.file.import", actor_id="rollout.import", target=f"import:{run.id}", facts=facts)
    record(actor=system(at), at=at, line=line)


def system(at: datetime) -> Actor:
    """The operator's machine as an actor."""
    return Actor(role=Role.SYSTEM, at=at)
