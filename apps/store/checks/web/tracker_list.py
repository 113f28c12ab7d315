"""The kept list of trackers, by host or by cookie (STO-32): data of its own file, a version for each edition."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("trackers.csv")
VERSION = "2026-11"  # of the list: stands beside each finding that used it


class Verdict(StrEnum):
    BLOCKED = "bloquant"
    LOOKED_AT = "a_examiner"
    ACCEPTED = "accepte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trackers:
    """`hosts`: a name counts for everything below it, the longest name wins. `cookies`: whole, or a start with `*`."""

    hosts: dict[str, Verdict]
    cookies: dict[str, Verdict]

    def of_host(self, host: str) -> Verdict | None:
        labels = host.lower().rstrip(".").split(".")
        names = (".".join(labels[first:]) for first in range(len(labels)))
        return next((self.hosts[name] for name in names if name in self.hosts), None)

    def of_cookie(self, name: str) -> Verdict | None:
        if name in self.cookies:
            return self.cookies[name]
        starts = [start for start in self.cookies if start.endswith("*") and name.startswith(start[:-1])]
        return self.cookies[max(starts, key=len)] if starts else None


def read_trackers(lines: Iterable[str]) -> Trackers:
    """The list of a file with the columns kind, name, verdict, what."""
    rows = [(row["kind"], row["name"], Verdict(row["verdict"])) for row in csv.DictReader(lines)]
    return Trackers(
        hosts={name: verdict for kind, name, verdict in rows if kind == "host"},
        cookies={name: verdict for kind, name, verdict in rows if kind == "cookie"},
    )


@cache
def kept_list() -> Trackers:
    """The list that comes with the portal."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return read_trackers(lines)
