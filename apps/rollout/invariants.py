"""What always holds of the roll-out: the differences of the reconciliation, one check each (ROL-02, REL-09)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from apps.common.invariants import register
from apps.rollout.figures import outcomes
from apps.rollout.figures.differences import STATEMENTS, broken, of_imports, of_outcomes


@register("rollout.states_against_facts")
def states_against_facts(*, at: datetime) -> int:
    """People whose state says something else than spaces, oppositions, deaths, notices and transitions."""
    del at
    return sum(difference.count for difference in of_outcomes(outcomes.cells()))


@register("rollout.more_people_than_lines")
def more_people_than_lines(*, at: datetime) -> int:
    """Imports by which more people came than they took lines."""
    del at
    return of_imports().count


def _broken(code: str, *, at: datetime) -> int:
    del at
    return broken(code).count


for _code in STATEMENTS:
    register(f"rollout.{_code.replace('-', '_')}")(partial(_broken, _code))
