"""The patients whom the professionals know: the list of the demonstration, read anew each time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

TEST_AUTHORITY = "1.2.250.1.213.1.4.10"
TRAITS = ("number", "authority", "family", "given", "born", "sex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """`number` is the INS with its key, `authority` the OID of its giver; `given` all first names; `born` YYYYMMDD."""

    number: str
    label: str = ""
    authority: str = TEST_AUTHORITY
    family: str = "PAT"
    given: str = "DOMINIQUE"
    born: str = "19790328"
    sex: str = "F"

    def address(self, domain: str) -> str:
        return f"{self.number}@{domain}"


def read_patients(path: Path) -> list[Patient]:
    """Those of the file, in its order; none without a file that can be read."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [_patient(row) for row in rows]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def patient_of(address: str, known: list[Patient]) -> Patient:
    """The patient of an address; somebody of whom nothing but the number is known when the list has none."""
    number = address.rpartition("@")[0]
    return next((one for one in known if one.number == number), Patient(number=number))


def _patient(row: dict[str, str]) -> Patient:
    return Patient(label=str(row.get("label", "")), **{name: str(row[name]) for name in TRAITS})
