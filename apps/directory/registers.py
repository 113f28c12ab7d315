"""Bringing in any extract of the national directories: the kind of a file is read from its first lines."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.conf import settings
from django.db import DatabaseError, transaction

from apps.common.locks import advisory_lock
from apps.directory import lists, services
from apps.directory.jobs import listing
from apps.directory.lists import QUALIFICATION_KINDS, TABLES, ListKind, Reader
from apps.directory.mailbox_list import mailbox_reader
from apps.directory.models import LoadedExtract
from apps.directory.services import Extract, ExtractFailedError, ExtractShrunkError, Imported
from apps.formats.lines import LineReader

ACTIVITIES = "activities"
_BLOCK = 1 << 20
_FINESS_ENCODING = "cp1252"  # older files; newer ones are UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    kind: ListKind | None
    header: str
    sha256: str

    @property
    def name(self) -> str:
        return self.kind.value if self.kind else ACTIVITIES


def import_extract(*, extract: Extract, at: datetime, force: bool = False) -> Imported:
    """Bring the directory up to a full extract: activities, diplomas, skills, FINESS lists, mailboxes of MSSanté.

    The same file as the last one of its kind is recognised and read no further. Qualifications that are gone from
    their list go; establishments, entities and mailboxes become inactive and keep their label (DIR-04). Raises what
    `services.import_extract` raises; `ExtractShrunkError` counts rows of the table.
    """
    file = _look_at(extract.source)
    seen_on = _seen_on(file.header, extract.name, at)
    known = LoadedExtract.objects.filter(kind=file.name, sha256=file.sha256, seen_on=seen_on).first()
    if known is not None and not force:
        return _nothing_to_do(known)
    if file.kind is None:
        imported = services.import_extract(extract=extract, at=at, force=force)
    else:
        imported = _import(extract, file.kind, file.header, seen_on=seen_on, at=at, force=force)
    _remember(file, imported, seen_on, at)
    return imported


def _look_at(source: BinaryIO) -> _File:
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
    source.seek(0)
    reader = LineReader(source)
    header = reader.header()
    kind = lists.kind_of(header)
    if lists.is_finess(header):
        first = next(reader.blocks(), None)
        line = first.data.partition(b"\n")[0] if first else b""
        kind = lists.kind_of_object(line.decode(_FINESS_ENCODING, errors="replace"))
    source.seek(0)
    return _File(kind=kind, header=header, sha256=digest.hexdigest())


def _import(extract: Extract, kind: ListKind, header: str, *, seen_on: date, at: datetime, force: bool) -> Imported:
    table, kinds = TABLES[kind], QUALIFICATION_KINDS.get(kind, ())
    reader = LineReader(extract.source)
    reader.header()
    with advisory_lock(services.LOCK, wait=False):
        try:
            listed = listing.stage(
                blocks=reader.blocks(), read=_reader(kind, header), table=table, fallback=_FINESS_ENCODING
            )
            with transaction.atomic():
                found = listing.compare(table=table, kinds=kinds)
                if not force and found.leaving * 100 > found.known * settings.DIRECTORY_MAX_DROP_PERCENT:
                    raise ExtractShrunkError(leaving=found.leaving, active=found.known)
                listing.write(table=table, kinds=kinds, seen_on=seen_on)
                imported = _counts(listed, found)
                services.record_import(imported, at=at)
        except DatabaseError as error:
            raise ExtractFailedError(getattr(error.__cause__, "sqlstate", None) or "unknown") from None
    return imported


def _reader(kind: ListKind, header: str) -> Reader:
    match kind:
        case ListKind.ESTABLISHMENTS:
            return lists.read_establishment
        case ListKind.ENTITIES:
            return lists.read_entity
        case ListKind.MAILBOXES:
            return mailbox_reader(header)
        case _:
            return lists.rpps_reader(kind, header)


def _counts(listed: listing.Listed, found: listing.Written) -> Imported:
    """A line of diplomas may hold two rows; lines are counted, a line with something new as accepted."""
    sound = listed.read - listed.empty - listed.faults.total()
    return Imported(
        read=listed.read,
        accepted=found.changed,
        unchanged=sound - found.changed - found.repeated,
        refused=listed.faults.total(),
        ignored=listed.empty + found.repeated,
        faults=sorted((fault.value, lines) for fault, lines in listed.faults.items()),
    )


def _seen_on(header: str, name: str, at: datetime) -> date:
    try:
        return date.fromisoformat(lists.date_of(header))
    except ValueError:
        return services.date_of(name, at=at)


def _remember(file: _File, imported: Imported, seen_on: date, at: datetime) -> None:
    LoadedExtract.objects.update_or_create(
        kind=file.name,
        defaults={
            "sha256": file.sha256,
            "seen_on": seen_on,
            "accepted": imported.accepted + imported.unchanged,
            "refused": imported.refused,
            "ignored": imported.ignored,
            "loaded_at": at,
        },
    )


def _nothing_to_do(known: LoadedExtract) -> Imported:
    return Imported(
        read=known.accepted + known.refused + known.ignored,
        accepted=0,
        unchanged=known.accepted,
        refused=known.refused,
        ignored=known.ignored,
    )
