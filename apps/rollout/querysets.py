from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.accounts.models import FormerInsNumber, InsIdentity

if TYPE_CHECKING:
    from apps.rollout.models import EligiblePerson  # noqa: F401  named in a string below


class EligiblePersonQuerySet(models.QuerySet["EligiblePerson"]):
    """Reads of the register."""

    def waiting(self) -> Self:
        """People whose space is still to be opened and may be (ROL-14): alive, and no double of somebody else."""
        return self.filter(state="ELIGIBLE", double_of=None, identity__died_on=None)

    def without_known_representative(self) -> Self:
        """Minors for whom the file names nobody the portal knows: the list for the fund (case S25)."""
        unknown = [~Exists(_with(numbers, column)) for numbers in _NUMBERS for column in ("rl1_number", "rl2_number")]
        return self.filter(*unknown, situation="MINEUR")

    def held_as_doubles(self) -> Self:
        """People who seem to be known under another number as well (decisions.md 31)."""
        return self.filter(~Q(double_of=None))


_NUMBERS = (InsIdentity, FormerInsNumber)  # each asked by itself: by an "or" over both no index helps


def _with(numbers: type[InsIdentity | FormerInsNumber], column: str) -> models.QuerySet[Any]:
    return numbers._default_manager.filter(ins_number=OuterRef(column))
