"""What operators do with the roll-out: read the eligibility file, open the spaces that are due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, TextIO

from django.conf import settings
from django.db import DatabaseError, transaction

from apps.access import Actor, Role
from apps.audit.services import Line, record
from apps.common.counts import LineCounts
from apps.common.dates import PARIS
from apps.common.locks import LockTakenError, advisory_lock
from apps.formats.lines import FileFault, FileRefusedError, LineReader
from apps.rollout.jobs import applying, comparing, findings, opening, staging
from apps.rollout.models import EligiblePerson, ImportRun
from apps.rollout.validation.columns import HeaderError, Layout
from apps.rollout.validation.lines import Rules


class ImportFailedError(Exception):
    """The database refused; `code` is its SQLSTATE. What it said holds values of lines and is dropped (SEC-22)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# One import or opening at a time (S27, ROL-21); any number that nothing else in this database uses.
LOCK = 0x656E7301
IMPORT_ERRORS = (LockTakenError, FileRefusedError, ImportFailedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityFile:
    """An open file of eligible people: UTF-8, `;`, columns by title (ROL-10). `name` without its folder."""

    source: BinaryIO
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(LineCounts):
    """Counts of lines, and what was found in them. `kinds`: code, severity, number of lines."""

    kinds: list[tuple[str, str, int]] = field(default_factory=list)


def import_file(
    *, file: EligibilityFile, at: datetime, report: TextIO | None = None, dry_run: bool = False
) -> Imported:
    """Bring the register up to the insurer's file: new people come in, changed ones change, the rest stays as it is.

    Lines are refused one by one, never silently (ROL-11); `report` receives every finding. The same file twice changes
    nothing. A trial run (`dry_run`) writes nothing but the report. Nothing is left behind by an import that is killed,
    but a run in state `running` that the next one marks as interrupted.
    Raises `LockTakenError` when another import or opening is at work (S27), `FileRefusedError` when the whole file is
    no eligibility file, `ImportFailedError` when the database refuses.
    Source: docs/domain/roll-out.md.
    """
    with advisory_lock(LOCK, wait=False):
        run = None if dry_run else _start_run(file.name, at)
        try:
            return _import(file, at, report, run)
        except FileRefusedError as error:
            _end_run(run, ImportRun.State.REFUSED, error.fault.value, at)
            raise
        except DatabaseError as error:
            code = getattr(error.__cause__, "sqlstate", None) or "unknown"
            _end_run(run, ImportRun.State.FAILED, code, at)
            raise ImportFailedError(code) from None


def open_spaces(*, at: datetime) -> opening.Opened:
    """Open the space of everybody who is eligible and alive, once and only once (SPA-03, ROL-21).

    Representatives of minors and of adults who are represented for their person get their right with it, up to its end
    (SPA-48, SPA-50). Each space has its line in the trail. Killed in the middle, the next run goes on.
    The notices and the window of six weeks come with their own feature: from then on a person is due when the window of
    the notice is over and nobody opposed (SPA-03, ROL-14).
    """
    already = EligiblePerson.objects.filter(state=EligiblePerson.State.OPEN).count()
    with advisory_lock(LOCK, wait=True):
        opened = opening.open_due(at=at)
    waiting = EligiblePerson.objects.exclude(state=EligiblePerson.State.OPEN).count()
    result = opening.Opened(opened=opened, already=already, not_opened=waiting)
    facts = {"opened": result.opened, "not_opened": result.not_opened}
    record(actor=_system(at), at=at, line=Line(action="rollout.opening.run", actor_id="rollout.open", facts=facts))
    return result


def _import(file: EligibilityFile, at: datetime, report: TextIO | None, run: ImportRun | None) -> Imported:
    reader = LineReader(file.source)
    layout = _layout(reader)
    rules = Rules(authorities=frozenset(settings.INS_AUTHORITIES), today=at.astimezone(PARIS).date().isoformat())
    staging.make_tables()
    try:
        staged = staging.stage(reader=reader, layout=layout, rules=rules)
        with transaction.atomic():
            compared = comparing.compare()
            counts = Imported(
                read=staged.read,
                accepted=compared.accepted,
                unchanged=compared.unchanged,
                refused=staged.refused + compared.refused,
                ignored=staged.empty + compared.ignored,
                kinds=findings.count_findings(),
            )
            if run is not None:
                applying.apply_staged(run_id=run.id, at=at)
                _finish(run, counts, reader.sha256(), at)
        if report is not None:
            findings.write_report(report)
    finally:
        staging.drop_tables()
    return counts


def _layout(reader: LineReader) -> Layout:
    try:
        return Layout.of(reader.header())
    except HeaderError as error:
        fault = FileFault.COLUMNS_MISSING if error.missing else FileFault.COLUMNS_TWICE
        raise FileRefusedError(fault, error.titles) from None


def _start_run(name: str, at: datetime) -> ImportRun:
    """The lock is held, so whatever still runs was interrupted."""
    ImportRun.objects.filter(state=ImportRun.State.RUNNING).update(state=ImportRun.State.INTERRUPTED, finished_at=at)
    return ImportRun.objects.create(file_name=name[:200], started_at=at)


def _end_run(run: ImportRun | None, state: ImportRun.State, reason: str, at: datetime) -> None:
    if run is not None:
        ImportRun.objects.filter(pk=run.pk).update(state=state, reason=reason, finished_at=at)


def _finish(run: ImportRun, counts: Imported, sha256: str, at: datetime) -> None:
    run.state, run.finished_at, run.sha256 = ImportRun.State.DONE, at, sha256
    run.read, run.accepted, run.unchanged = counts.read, counts.accepted, counts.unchanged
    run.refused, run.ignored = counts.refused, counts.ignored
    run.save()
    facts = counts.counts()
    line = Line(action="rollout.file.import", actor_id="rollout.import", target=f"import:{run.id}", facts=facts)
    record(actor=_system(at), at=at, line=line)


def _system(at: datetime) -> Actor:
    return Actor(role=Role.SYSTEM, at=at)
