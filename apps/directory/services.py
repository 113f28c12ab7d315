"""What operators do with the copy of the national directory: bring it up to an extract."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

from django.conf import settings
from django.db import DatabaseError, transaction

from apps.access import Actor, Role
from apps.audit.services import Line, record
from apps.common.counts import LineCounts
from apps.common.dates import PARIS
from apps.common.locks import LockTakenError, advisory_lock
from apps.directory.extract import ExtractLayout, TitlesMissingError
from apps.directory.jobs import applying, staging
from apps.formats.lines import FileRefusedError, LineReader

LOCK = 0x656E7302  # one import at a time; any number that nothing else in this database uses
_STAMP = re.compile(r"_(\d{4})(0[1-9]|1[0-2])([0-2]\d|3[01])\d{4}\.txt$")


class ExtractShrunkError(Exception):
    """The extract would end `leaving` of `active` professionals: more than a full load may (DIR-06)."""

    def __init__(self, *, leaving: int, active: int) -> None:
        super().__init__(f"{leaving}/{active}")
        self.leaving = leaving
        self.active = active


class ExtractFailedError(Exception):
    """The database refused; `code` is its SQLSTATE."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


IMPORT_ERRORS = (LockTakenError, FileRefusedError, TitlesMissingError, ExtractShrunkError, ExtractFailedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """An open extract `PS_LibreAcces_Personne_activite`: UTF-8, `|`, columns by title. `name` without its folder."""

    source: BinaryIO
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported(LineCounts):
    """Counts of lines, and what was found in them. `faults`: kind and number of refused lines."""

    faults: list[tuple[str, int]] = field(default_factory=list)


def import_extract(*, extract: Extract, at: datetime, force: bool = False) -> Imported:
    """Bring the directory up to a full extract: professionals, places and situations come, change and go.

    Who is gone from the extract, or listed without a situation, becomes inactive and keeps the last known label (S42,
    DIR-04). The date of the extract is the one in its name (`…_AAAAMMJJHHMM.txt`), else the day of `at`.
    Raises `LockTakenError` when another import is at work, `FileRefusedError` and `TitlesMissingError` when the file is
    no such extract, `ExtractShrunkError` when more than `DIRECTORY_MAX_DROP_PERCENT` of the active professionals would
    end and `force` is false, `ExtractFailedError` when the database refuses. Then nothing is written.
    Source: docs/domain/roll-out.md (DIR-01 to DIR-11).
    """
    with advisory_lock(LOCK, wait=False):
        try:
            return _import(extract, at, force)
        except DatabaseError as error:
            raise ExtractFailedError(getattr(error.__cause__, "sqlstate", None) or "unknown") from None


def _import(extract: Extract, at: datetime, force: bool) -> Imported:  # noqa: FBT001  passed on
    reader = LineReader(extract.source)
    layout = ExtractLayout.of(reader.header())
    staging.make_table()
    try:
        staged = staging.stage(reader=reader, layout=layout)
        with transaction.atomic():
            found = applying.compare()
            if not force and found.leaving * 100 > found.active * settings.DIRECTORY_MAX_DROP_PERCENT:
                raise ExtractShrunkError(leaving=found.leaving, active=found.active)
            applying.apply_compared(seen_on=date_of(extract.name, at=at))
            counts = Imported(
                read=staged.read,
                accepted=found.accepted,
                unchanged=found.unchanged,
                refused=staged.faults.total(),
                ignored=found.ignored + staged.empty,
                faults=sorted((fault.value, lines) for fault, lines in staged.faults.items()),
            )
            record_import(counts, at=at)
    finally:
        staging.drop_tables()
    return counts


def record_import(counts: Imported, *, at: datetime) -> None:
    """Write the line of an import with its counts (IDN-50)."""
    facts = counts.counts()
    line = Line(action="directory.extract.import", actor_id="directory.import", facts=facts)
    record(actor=Actor(role=Role.SYSTEM, at=at), at=at, line=line)


def date_of(name: str, *, at: datetime) -> date:
    """Date in the name of an extract, else the day of `at` in Paris (DIR-09)."""
    stamp = _STAMP.search(name)
    if stamp is None:
        return at.astimezone(PARIS).date()
    return date(int(stamp[1]), int(stamp[2]), int(stamp[3]))
