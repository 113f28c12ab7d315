"""Import of an extract of the national directory, the first time and again, held against a plain COPY of its lines."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
from django.utils import timezone

from apps.directory import registers
from apps.directory.extract import TITLES
from apps.directory.rpps import is_valid_rpps
from apps.directory.services import Extract

_BLOCK = 1 << 20
_OTHER_COLUMNS = 36  # 52 in all, as in the published extract
_COLUMNS = (*TITLES.values(), *(f"Autre colonne {number}" for number in range(_OTHER_COLUMNS)))
_CHANGED = 100  # in the next day's extract each line of so many is another one
_FLOOR = f"""
    DROP TABLE IF EXISTS benchmark_floor;
    CREATE TABLE benchmark_floor ({", ".join(f"c{number} text" for number in range(len(_COLUMNS) + 1))});
"""  # one column more: every line ends with a separator
_COPY = "COPY benchmark_floor FROM STDIN WITH (FORMAT csv, DELIMITER '|', HEADER true, QUOTE E'\\x01')"
_NAME = "PS_LibreAcces_Personne_activite_2026010{day}0300.txt"


def measure(folder: Path, lines: int) -> Iterator[str]:
    """Lines of the result, each as soon as it is known: one activity of one professional a line."""
    today, tomorrow = folder / _NAME.format(day=5), folder / _NAME.format(day=6)
    _write(today, lines, changed=False)
    _write(tomorrow, lines, changed=True)
    floor = _seconds(lambda: _plain_copy(today)) / lines
    yield f"extract of {lines} lines: plain COPY {1 / floor:.0f} rows/s (floor)"
    for name, file, bound in (
        ("first import", today, ""),
        ("same file again", today, " (bound 3)"),
        (f"next day's file, 1 line of {_CHANGED} changed", tomorrow, " (bound 3)"),
    ):
        seconds = _seconds(partial(_import, file)) / lines
        yield f"extract, {name}: {1 / seconds:.0f} rows/s, {seconds / floor:.1f} times a plain COPY{bound}"


def _write(path: Path, lines: int, *, changed: bool) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write("".join(f"{title}|" for title in _COLUMNS) + "\n")
        for order in range(lines):
            moved = changed and order % _CHANGED == 0
            handle.write("".join(f"{value}|" for value in _values(order, moved)) + "\n")


def _values(order: int, moved: bool) -> Iterator[str]:  # noqa: FBT001  a private step
    number = _rpps(order)
    yield from ("8", number, f"8{number}", f"ESSAI{order % 5000}", "CAMILLE", "DR", "10", "Médecin", "Pédiatrie")
    place = order + 1 if moved else order
    yield from (f"F{place // 3:09d}", f"{place // 3:09d}", "", f"CENTRE DE SANTE {place // 3}", "SA07", "Nantes", "L")
    for column in range(_OTHER_COLUMNS):
        yield f"valeur {order % 1000}" if column % 2 else ""


def _rpps(order: int) -> str:
    start = f"1{order:09d}"
    return next(number for digit in range(10) if is_valid_rpps(number := f"{start}{digit}"))


def _plain_copy(path: Path) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, path.open("rb") as source:
        owner.execute(_FLOOR)
        with owner.cursor().copy(_COPY) as copy:
            while block := source.read(_BLOCK):
                copy.write(block)


def _import(path: Path) -> None:
    with path.open("rb") as source:
        registers.import_extract(extract=Extract(source=source, name=path.name), at=timezone.now())


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
