"""Reading the eligibility file: stage, compare, write; each in transactions of its own, so that a kill costs little."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import BinaryIO, TextIO

from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction

from apps.common.counts import COUNTS, LineCounts
from apps.common.dates import PARIS
from apps.common.locks import LockTakenError, advisory_lock
from apps.formats.lines import FileFault, FileRefusedError, LineReader
from apps.rollout.jobs import applying, comparing, findings, runs, staging
from apps.rollout.jobs.checking import checker
from apps.rollout.jobs.lanes import in_lanes
from apps.rollout.jobs.progress import Listener, Progress, nobody
from apps.rollout.jobs.runs import LOCK, ImportFailedError, ImportInterruptedError, UnfinishedImportError
from apps.rollout.models import ImportRun
from apps.rollout.validation.columns import HeaderError, Layout
from apps.rollout.validation.lines import Rules

IMPORT_ERRORS = (LockTakenError, FileRefusedError, ImportFailedError, UnfinishedImportError)

_UNKNOWN = "unknown"
# SQLSTATE of a session that the server ended, or could not begin; the driver knows none when the line is cut.
_SESSION_LOST = frozenset({_UNKNOWN, "57P01", "57P02", "57P03", "08000", "08003", "08006"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityFile:
    """An open file of eligible people, from its beginning: UTF-8, `;`, columns by title (ROL-10). It is read twice.

    `name` without its folder. `sha256`: what the file must be, when that was said before. `is_complete`: whom it does
    not name in its departments is no longer eligible.
    """

    source: BinaryIO
    name: str
    sha256: str = ""
    is_complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(LineCounts):
    """Counts of lines, and what was found in them. `kinds`: code, severity, number of lines."""

    kinds: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an import may use: `processes` that check lines, `lanes` that write them; who hears how far it is."""

    processes: int = 1
    lanes: int = 1
    progress: Listener = nobody


def import_file(
    *,
    file: EligibilityFile,
    at: datetime,
    report: TextIO | None = None,
    dry_run: bool = False,
    means: Means | None = None,
) -> Imported:
    """Bring the register up to the insurer's file: new people come in, changed ones change, the rest stays as it is.

    Lines are refused one by one, never silently (ROL-11); `report` receives every finding. The same file twice changes
    nothing. A trial run (`dry_run`) writes nothing but the report. An import that was killed goes on where it stopped
    when the same file is given again, and ends as if nothing had happened (REL-11): the reading after the last lines
    taken in, the writing after the last slice. Nothing is written before the whole file is read and compared.
    Raises `LockTakenError` when another import or opening is at work (S27), `FileRefusedError` when the whole file is
    no eligibility file, `ImportFailedError` when the database refuses, `ImportInterruptedError` when it did so in the
    middle of writing, `UnfinishedImportError` when the import of another file must be finished first.
    Source: docs/domain/roll-out.md.
    """
    means = means or Means()
    with advisory_lock(LOCK, wait=False):
        if dry_run:
            return _try(file, at, report, means)
        return _import(file, at, report, means)


def _try(file: EligibilityFile, at: datetime, report: TextIO | None, means: Means) -> Imported:
    try:
        with staging.temporary_tables():
            return _tried(file, at, report, means)
    except DatabaseError as error:
        raise ImportFailedError(code_of(error)) from None


def _tried(file: EligibilityFile, at: datetime, report: TextIO | None, means: Means) -> Imported:
    staged = take_in(source=file.source, means=means, at=at, run=None)
    with transaction.atomic():
        compared = comparing.compare(None)
    counts = LineCounts(
        read=staged.read,
        accepted=compared.accepted,
        unchanged=compared.unchanged,
        refused=staged.refused + compared.refused,
        ignored=staged.empty + compared.ignored,
    )
    return _told(counts, report)


def _import(file: EligibilityFile, at: datetime, report: TextIO | None, means: Means) -> Imported:
    sha256, size = runs.fingerprint_of(file.source)
    if file.sha256 and file.sha256 != sha256:
        raise FileRefusedError(FileFault.CHANGED)
    _finish_earlier(sha256, at, means)
    run = runs.begin(name=file.name, sha256=sha256, size=size, at=at)
    if file.is_complete and run.phase == ImportRun.Phase.STAGING:
        run.is_complete = True
        run.save(update_fields=["is_complete"])
    with _refusals(run, at):
        if run.phase == ImportRun.Phase.STAGING:
            take_in(source=file.source, means=means, at=run.started_at, run=run)
        if run.phase == ImportRun.Phase.COMPARING:
            _compare(run)
        _write(run, at, means)
    told = _told(LineCounts(**{name: getattr(run, name) for name in COUNTS}), report)
    staging.empty_tables()
    return told


def _finish_earlier(sha256: str, at: datetime, means: Means) -> None:
    """Lines of another file that were being written are written first: their comparison would not hold any more.

    Those that are being read again, after a crash of the server, cannot be: that takes the file they came from.
    """
    run = runs.unfinished()
    if run is None or run.sha256 == sha256:
        return
    if run.phase != ImportRun.Phase.APPLYING or not runs.has_its_lines(run):
        raise UnfinishedImportError(run.file_name)
    with _refusals(run, at):
        _write(run, at, means)


@contextmanager
def _refusals(run: ImportRun, at: datetime) -> Iterator[None]:
    try:
        yield
    except FileRefusedError as error:
        runs.end(run, state=ImportRun.State.REFUSED, reason=error.fault.value, at=at)
        raise
    except DatabaseError as error:
        if is_lost(error):  # the row stays as it was, and the import is gone on with as after a kill
            raise
        code = code_of(error)
        if runs.has_written(run):
            ImportRun.objects.filter(pk=run.pk).update(reason=code)
            raise ImportInterruptedError(code) from None
        runs.end(run, state=ImportRun.State.FAILED, reason=code, at=at)
        raise ImportFailedError(code) from None


def code_of(error: DatabaseError) -> str:
    """SQLSTATE of an error: what the database said holds values of lines and is dropped (SEC-22)."""
    return getattr(error.__cause__, "sqlstate", None) or _UNKNOWN


def is_lost(error: DatabaseError) -> bool:
    """Whether the session was lost: nothing was refused, and nothing is known of what comes next (REL-04)."""
    return isinstance(error, OperationalError) and code_of(error) in _SESSION_LOST


def take_in(*, source: BinaryIO, means: Means, at: datetime, run: ImportRun | None) -> staging.Staged:
    """Check the lines and put them on the stage, from where the run stopped; `at` is the day of the checks.

    Raises `FileRefusedError`.
    """
    reader = LineReader(source)
    layout = _layout(reader)
    rules = Rules(authorities=frozenset(settings.INS_AUTHORITIES), today=at.astimezone(PARIS).date().isoformat())
    so_far = staging.Staged()
    if run is not None and run.next_place:
        so_far = staging.Staged(
            read=run.read,
            sound=run.accepted,
            empty=run.ignored,
            next_line=run.next_line,
            next_place=run.next_place,
        )
        reader.go_on(at=run.next_place, number=run.next_line)
    with checker(processes=means.processes, layout=layout, rules=rules) as check:
        committing = partial(_keep_place, run, means.progress)
        staging.stage(blocks=check(reader.blocks()), so_far=so_far, committing=committing)
    if run is not None:
        run.phase = ImportRun.Phase.COMPARING
        run.save(update_fields=["phase"])
    return so_far


def _keep_place(run: ImportRun | None, progress: Listener, staged: staging.Staged) -> None:
    """While the file is read the run counts sound lines as accepted."""
    if run is not None:
        run.read, run.accepted, run.refused, run.ignored = staged.read, staged.sound, staged.refused, staged.empty
        run.next_line, run.next_place = staged.next_line, staged.next_place
        run.save()
    size = run.size if run is not None else staged.next_place
    progress(Progress(phase="reading", done=staged.next_place, total=size, items=staged.read))


def _layout(reader: LineReader) -> Layout:
    try:
        return Layout.of(reader.header())
    except HeaderError as error:
        fault = FileFault.COLUMNS_MISSING if error.missing else FileFault.COLUMNS_TWICE
        raise FileRefusedError(fault, error.titles) from None


@transaction.atomic
def _compare(run: ImportRun) -> None:
    compared = comparing.compare(run.pk, find_absent=run.is_complete)
    run.accepted, run.unchanged = compared.accepted, compared.unchanged
    run.refused += compared.refused
    run.ignored += compared.ignored
    run.staged = compared.staged
    run.phase = ImportRun.Phase.APPLYING
    run.save()


def _write(run: ImportRun, at: datetime, means: Means) -> None:
    slices = applying.slices_to_write(run=run)
    written = in_lanes(work=lambda first: applying.write_slice(run=run, first=first), slices=slices, lanes=means.lanes)
    for done, _slice in enumerate(written, 1):
        means.progress(Progress(phase="writing", done=done, total=len(slices), items=done * applying.SLICE))
    with transaction.atomic():
        applying.settle(run=run)
        runs.finish(run, at=at)


def _told(counts: LineCounts, report: TextIO | None) -> Imported:
    result = Imported(**counts.counts(), kinds=findings.count_findings())
    if report is not None:
        findings.write_report(report)
    return result
