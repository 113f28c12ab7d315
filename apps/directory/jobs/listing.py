"""Brings one table of the directory up to a full list, set-based: new rows come, changed ones change, others go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.db import connection

from apps.common.copying import copying
from apps.directory.extract import ExtractFault
from apps.directory.lists import Reader, Table
from apps.formats.lines import Block, decoded

_BLOCKS = 16  # a COPY


@dataclass(slots=True, kw_only=True)
class Listed:
    """Counts of lines: `read` in all, `empty` ones and those of another kind, `faults` by kind."""

    read: int = 0
    empty: int = 0
    faults: Counter[ExtractFault] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Lines `changed` (with a new or different row), `repeated` (all of whose rows stand in earlier lines); of `known`
    rows so many are `leaving`.
    """

    changed: int
    repeated: int
    known: int
    leaving: int


def stage(*, blocks: Iterator[Block], read: Reader, table: Table, fallback: str) -> Listed:
    """Copy the rows of all sound lines to the stage of the session."""
    listed = Listed()
    columns = ", ".join(f"{column} text NOT NULL" for column in table.columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS directory_list, directory_row")
        cursor.execute(f"CREATE TEMPORARY TABLE directory_list (line integer NOT NULL, {columns})")
        while some := list(islice(blocks, _BLOCKS)):
            with copying(f"COPY directory_list (line, {', '.join(table.columns)}) FROM STDIN") as copy:
                for block in some:
                    copy.write(_rows_of(block, read, fallback, listed))
        cursor.execute("ANALYZE directory_list")
    return listed


def _rows_of(block: Block, read: Reader, fallback: str, listed: Listed) -> str:
    rows: list[str] = []
    for number, line in enumerate(decoded(block.data, fallback=fallback), block.first):
        listed.read += 1
        found = ExtractFault.ENCODING if line is None else read(line) if line.strip() else []
        if isinstance(found, ExtractFault):
            listed.faults[found] += 1
        elif not found:
            listed.empty += 1
        for row in () if isinstance(found, ExtractFault) else found:
            text = "\t".join(row).replace("\\", "\\\\")
            rows.append(f"{number}\t{text}\n")
    return "".join(rows)


def compare(*, table: Table, kinds: Sequence[str]) -> Written:
    """Hold the stage against the table. `kinds`: the rows that the list speaks of, empty for all of them."""
    key, columns = ", ".join(table.key), ", ".join(table.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE directory_row AS
            SELECT DISTINCT ON ({key}) line, {columns} FROM directory_list ORDER BY {key}, line
            """  # noqa: S608  names of our own tables
        )
        cursor.execute("ANALYZE directory_row")
        cursor.execute(f"SELECT (SELECT count(DISTINCT line) FROM directory_list), {_lines(table)}")  # noqa: S608
        listed, kept, changed = cursor.fetchone()
        cursor.execute(
            f"""
            SELECT count(*), count(*) FILTER (WHERE f.line IS NULL) FROM {table.name} AS t
            LEFT JOIN directory_row AS f USING ({key}) WHERE {_spoken_of(kinds)}
            """,  # noqa: S608
            [list(kinds)] if kinds else [],
        )
        known, leaving = cursor.fetchone()
    return Written(changed=changed, repeated=listed - kept, known=known, leaving=leaving)


def _lines(table: Table) -> str:
    changed = f"count(DISTINCT f.line) FILTER (WHERE t.id IS NULL OR {_different(table)})"
    both = f"directory_row AS f LEFT JOIN {table.name} AS t USING ({', '.join(table.key)})"
    return f"count(DISTINCT f.line), {changed} FROM {both}"


def _different(table: Table) -> str:
    others = [column for column in table.columns if column not in table.key]
    back = " OR NOT t.is_active" if "kind" not in table.columns else ""
    return f"({', '.join(f'f.{c}' for c in others)}) IS DISTINCT FROM ({', '.join(f't.{c}' for c in others)}){back}"


def _spoken_of(kinds: Sequence[str]) -> str:
    return "t.kind = ANY(%s)" if kinds else "t.is_active"


def write(*, table: Table, kinds: Sequence[str], seen_on: date) -> None:
    """Write what `compare` found: qualifications that are gone go, establishments and entities become inactive."""
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    active = "" if kinds else ", is_active"
    updates = ", ".join(f"{column} = EXCLUDED.{column}" for column in (*table.columns, "seen_on"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table.name} AS t (id, {columns}, seen_on{active})
            SELECT uuidv7(), {", ".join(f"f.{column}" for column in table.columns)}, %s{", true" if active else ""}
            FROM directory_row AS f LEFT JOIN {table.name} AS t USING ({key})
            WHERE t.id IS NULL OR {_different(table)}
            ON CONFLICT ({key}) DO UPDATE SET {updates}{", is_active = true" if active else ""}
            """,  # noqa: S608
            [seen_on],
        )
        gone = (
            f"NOT EXISTS (SELECT FROM directory_row AS f WHERE ({_prefixed('f', table)}) = ({_prefixed('t', table)}))"
        )
        if kinds:
            cursor.execute(f"DELETE FROM {table.name} AS t WHERE t.kind = ANY(%s) AND {gone}", [list(kinds)])  # noqa: S608
        else:
            cursor.execute(f"UPDATE {table.name} AS t SET is_active = false WHERE t.is_active AND {gone}")  # noqa: S608
        cursor.execute("DROP TABLE IF EXISTS directory_list, directory_row")


def _prefixed(alias: str, table: Table) -> str:
    return ", ".join(f"{alias}.{column}" for column in table.key)
