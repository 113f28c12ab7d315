"""What a population looks like: size, day of reference, where people live, how many lines are faulty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PILOT_DEPARTMENTS = ("31", "44", "80")  # Haute-Garonne, Loire-Atlantique, Somme (ROL-01)


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationPlan:
    """Same plan, same bytes.

    `count` rows in the file; `today` the day ages are counted on; `without_mail` share of adults without a mail
    address; `faults` share of lines that are broken or double (decisions.md 31); `truth` adds the column that says so.
    """

    count: int
    today: date
    seed: int = 1
    departments: tuple[str, ...] = PILOT_DEPARTMENTS
    without_mail: float = 0.24
    faults: float = 0.0
    truth: bool = False
