"""Copy of the list of certified hosts of health data, as an operator put it there: no network (STO-99).

`number;host;activities;ends_on` with a first line of titles; activities « 1 » to « 6 », separated by spaces.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

TITLES = ["number", "host", "activities", "ends_on"]
ACTIVITIES = frozenset("123456")


class HdsListError(Exception):
    """The list is missing or damaged: nobody can say that a certificate is not on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """`ends_on`: its last day."""

    number: str
    host: str
    activities: frozenset[str]
    ends_on: date


def key_of(number: str) -> str:
    """A number as it is compared: spaces and small letters do not count."""
    return "".join(number.split()).upper()


def certificates(path: str) -> Mapping[str, Certificate]:
    """All of the list by key of number. Raises `HdsListError`; one bad line spoils the list, which was half copied."""
    try:
        return _read(path, Path(path).stat().st_mtime_ns)
    except (OSError, ValueError, csv.Error) as error:
        raise HdsListError(path) from error


@lru_cache(maxsize=2)
def _read(path: str, _changed: int) -> Mapping[str, Certificate]:
    with Path(path).open(encoding="utf-8-sig", newline="") as source:
        titles, *rows = (row for row in csv.reader(source, delimiter=";") if row)
    if titles != TITLES or not rows:
        raise ValueError(path)
    # Listed twice, the renewed one counts.
    found = sorted(map(_certificate, rows), key=lambda each: each.ends_on)
    return {key_of(each.number): each for each in found}


def _certificate(row: list[str]) -> Certificate:
    number, host, activities, ends_on = (cell.strip() for cell in row)
    covered = frozenset(activities.split())
    if not number or not host or not covered or covered - ACTIVITIES:
        raise ValueError(number)
    return Certificate(number=number, host=host, activities=covered, ends_on=date.fromisoformat(ends_on))
