"""Carries on with the files of the console, in tasks that end in time; rows say where each one stands (RO-02, REL-02).

A file is tried, then, once people have confirmed it, written. Imports run one after the other, the oldest first: the
lock of imports and openings is the only guard, it lets go when its process dies.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q

from apps.access import SYSTEM
from apps.audit.services import Line, record
from apps.common.counts import COUNTS
from apps.common.failpoints import reach
from apps.common.locks import LockTakenError, advisory_lock
from apps.formats.lines import FileRefusedError
from apps.rollout.jobs import folder
from apps.rollout.jobs.importing import EligibilityFile, Means, code_of, import_file, is_lost
from apps.rollout.jobs.pacing import Pacer, PausedError, StoppedError
from apps.rollout.jobs.runs import LOCK, ImportFailedError, ImportInterruptedError, UnfinishedImportError
from apps.rollout.jobs.trying import TRIAL_LOCK, try_file
from apps.rollout.models import ImportFile, ImportRun

SECONDS = 150.0  # well before the time limit of a task
LANES = 2
ACTOR = "rollout.import"
GONE = "file-gone"
UNREADABLE = "file-unreadable"
WAITS = "lock-taken"
UNFINISHED = "unfinished"
_QUIET = timedelta(seconds=60)
_TROUBLES = (
    StoppedError, LockTakenError, folder.FileMissingError, FileRefusedError, ImportFailedError, UnfinishedImportError,
    OSError,
)  # fmt: skip
Clock = Callable[[], datetime]
State = ImportFile.State


def go_on(*, clock: Clock, seconds: float = SECONDS) -> bool:
    """Work on the next file for `seconds` at most; whether there is more to do at once."""
    return _import_next(clock, seconds) or _try_next(clock, seconds)


def _import_next(clock: Clock, seconds: float) -> bool:
    file = ImportFile.objects.filter(state=State.RUNNING).order_by("confirmed_at", "id").first()
    if file is None:
        return False
    try:
        if not _was_written(file):
            _write(file, Pacer(file, clock=clock, seconds=seconds), clock)
    except PausedError:
        return True
    except _TROUBLES as error:
        return _settle(file, error, clock())
    _finish(file, clock)
    return True


def _write(file: ImportFile, pacer: Pacer, clock: Clock) -> None:
    # The same lock that the import takes: nothing may happen between the look at the row and the import.
    with advisory_lock(LOCK, wait=False), folder.opened(file.path) as source:
        _require_unmoved(file)
        eligible = EligibilityFile(source=source, name=file.name, sha256=file.sha256, is_complete=file.is_complete)
        import_file(file=eligible, at=clock(), means=Means(lanes=LANES, progress=pacer))
    reach("rollout.import.before_file_done")


def _require_unmoved(file: ImportFile) -> None:
    """Another task may have ended the file before the lock was ours. Raises `StoppedError`."""
    state = file.state
    file.refresh_from_db()
    if file.state != state:
        raise StoppedError


def _settle(file: ImportFile, error: Exception, now: datetime) -> bool:
    """What becomes of a file that could not be written; whether the next one may begin at once."""
    again = False
    match error:
        case StoppedError():
            pass
        case LockTakenError():
            _wait(file, now, WAITS)
        case UnfinishedImportError():
            _wait(file, now, UNFINISHED, error.file_name)
        case folder.FileMissingError():
            _stop(file, GONE)
        case OSError():
            _stop(file, UNREADABLE)
        case ImportInterruptedError():
            _stop(file, error.code)
        case FileRefusedError():
            again = True
            _end(file, State.REFUSED, error.fault.value, now, *error.details)
        case _:
            again = True
            _end(file, State.FAILED, getattr(error, "code", "unknown"), now)
    return again


def _try_next(clock: Clock, seconds: float) -> bool:
    file = ImportFile.objects.select_related("trial").filter(state=State.TRYING).order_by("brought_at", "id").first()
    if file is None:
        return False
    try:
        with advisory_lock(TRIAL_LOCK, wait=False):
            _require_unmoved(file)
            try_file(file=file, pacer=Pacer(file, clock=clock, seconds=seconds))
    except (LockTakenError, StoppedError):
        return False
    except PausedError:
        return True
    except FileRefusedError as error:
        _end(file, State.REFUSED, error.fault.value, clock(), *error.details)
    except (folder.FileMissingError, OSError) as error:
        _end(file, State.FAILED, UNREADABLE if isinstance(error, OSError) else GONE, clock())
    except DatabaseError as error:
        _fail(file, error, clock())
    else:
        ImportFile.objects.filter(pk=file.pk, state=State.TRIED, tried_at=None).update(tried_at=clock())
    return True


def _runs_of(file: ImportFile) -> Q:
    return Q(sha256=file.sha256, started_at__gte=file.confirmed_at)


def _was_written(file: ImportFile) -> bool:
    """A task died between the last line written and the row of the file."""
    return ImportRun.objects.filter(_runs_of(file), state=ImportRun.State.DONE).exists()


@transaction.atomic
def _finish(file: ImportFile, clock: Clock) -> None:
    run = ImportRun.objects.filter(_runs_of(file), state=ImportRun.State.DONE).order_by("-started_at", "-id").first()
    at = clock()
    rows = ImportFile.objects.filter(pk=file.pk, state=State.RUNNING)
    if run is None or not rows.update(state=State.DONE, run=run, trial=None, ended_at=at, reason="", sample=[]):
        return
    if file.trial_id is not None:
        ImportRun.objects.filter(pk=file.trial_id).delete()
    facts = {"sha256": file.sha256, **{name: getattr(run, name) for name in COUNTS}}
    line = Line(action="rollout.import.finish", actor_id=ACTOR, target=f"import:{file.id}", facts=facts)
    record(actor=SYSTEM, at=at, line=line)
    transaction.on_commit(lambda: folder.forget(file))


def _fail(file: ImportFile, error: DatabaseError, at: datetime) -> None:
    if is_lost(error):  # nothing was refused: the next task goes on
        raise error
    _end(file, State.FAILED, code_of(error), at)


@transaction.atomic
def _end(file: ImportFile, state: State, reason: str, at: datetime, *details: str) -> None:
    rows = ImportFile.objects.filter(pk=file.pk, state=file.state)
    cut = [detail[:200] for detail in details]
    if rows.update(state=state, reason=reason, details=cut, ended_at=at, sample=[]):
        facts = {"sha256": file.sha256, "reason": reason}
        line = Line(action="rollout.import.refuse", actor_id=ACTOR, target=f"import:{file.id}", facts=facts)
        record(actor=SYSTEM, at=at, line=line)
        transaction.on_commit(lambda: folder.forget(file))


def _stop(file: ImportFile, reason: str) -> None:
    ImportFile.objects.filter(pk=file.pk, state=State.RUNNING).update(state=State.STOPPED, reason=reason)


def _wait(file: ImportFile, now: datetime, reason: str, *details: str) -> None:
    """Say why nothing moves, unless another task has just moved it."""
    rows = ImportFile.objects.filter(pk=file.pk, state=State.RUNNING)
    quiet = Q(progress_at=None) | Q(progress_at__lt=now - _QUIET)
    rows.filter(quiet).update(reason=reason, details=[detail[:200] for detail in details])
