"""All that the portal keeps and sends: rows of every table, mails, stored files, files on the disk, messages."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection

from tests.harness import broker

# Parts of a partitioned table are read with it.
_TABLES = """
    SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '"."' || c.relname END
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY 1
"""
# What differs between two runs of the same work: keys, bytes, and numbers that sequences or the tests give.
_CHANCE = re.compile(
    r"[0-9a-f]{2}/[0-9a-f-]{32,36}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\\+x[0-9a-f]*|[0-9a-f]{12,}"
    r'|"body_sealed": "[^"]+"|"marks": "[^"]+"|"id": \d+|CLO-[0-9A-Z-]+|\d{5,}'
)
Row = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalState:
    """`rows`: table and row as JSON text; `things`: mails by Message-ID, stored and plain files by name and size."""

    rows: Counter[Row]
    things: Counter[str]

    def gained(self, before: PortalState) -> Counter[Row | str]:
        """Rows and things that are new or changed since `before`."""
        return _sum(self) - _sum(before)

    def lost(self, before: PortalState) -> Counter[Row | str]:
        return before.gained(self)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [name for (name,) in cursor.fetchall()]


def portal_state(folder: Path, *, but: Collection[tuple[str, str]] = ()) -> PortalState:
    """`but`: columns, by table, that are not looked at."""
    return PortalState(rows=Counter(_rows(but)), things=Counter([*_mails(), *_stored(""), *_plain(folder)]))


def messages() -> list[broker.Message]:
    return broker.messages()


def without_chance(changes: Counter[Row | str]) -> Counter[str]:
    """The same changes without keys and given numbers, to compare two worlds in which the same was done."""
    found: Counter[str] = Counter()
    for change, number in changes.items():
        found[_CHANCE.sub("#", str(change))] += number
    return found


def _sum(state: PortalState) -> Counter[Row | str]:
    return Counter({**state.rows, **state.things})


def _rows(but: Collection[tuple[str, str]]) -> list[Row]:
    parts = []
    for table in tables():
        left_out = [column for name, column in but if name == table]
        row = "to_jsonb(t)" + "".join(f" - '{column}'" for column in left_out)
        parts.append(f"SELECT '{table}', ({row})::text FROM \"{table}\" AS t")  # noqa: S608  names of the catalogue
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return [tuple(row) for row in cursor.fetchall()]


def _mails() -> list[str]:
    sent = getattr(mail, "outbox", [])
    return [json.dumps(["mail", *sorted(one.to), one.subject, one.extra_headers["Message-ID"]]) for one in sent]


def _stored(folder: str) -> Iterator[str]:
    folders, names = default_storage.listdir(folder)
    for name in names:
        path = f"{folder}{name}"
        yield f"stored {path} {default_storage.size(path)}"
    for name in folders:
        yield from _stored(f"{folder}{name}/")


def _plain(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield f"file {path.relative_to(folder)} {path.stat().st_size}"
