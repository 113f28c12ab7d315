from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.common.text import fold

if TYPE_CHECKING:
    from apps.accounts.models.identity import InsIdentity  # noqa: F401  named in a string below


class InsIdentityQuerySet(models.QuerySet["InsIdentity"]):
    """Reads of identities."""

    def with_number(self, number: str) -> Self:
        """By the present number or any former one (IDN-04); thirteen characters."""
        return self.filter(models.Q(ins_number=number) | models.Q(former_numbers__ins_number=number)).distinct()

    def with_family_and_birth(self, *, family: str, birth_dates: list[str]) -> Self:
        """Candidates for a comparison of traits: same folded birth name, one of the birth dates as stored (IDN-17)."""
        return self.filter(folded_family=fold(family), birth_date__in=birth_dates).order_by("pk")
