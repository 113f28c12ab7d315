from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.common.text import fold

if TYPE_CHECKING:
    from apps.accounts.models.identity import InsIdentity  # noqa: F401  named in a string below


class InsIdentityQuerySet(models.QuerySet["InsIdentity"]):
    """Reads of identities."""

    def with_number(self, number: str) -> Self:
        """By the present number or any former one (IDN-04); thirteen characters.

        Two reads by index: one condition with "or" over both tables would read every identity.
        """
        everybody = self.model._default_manager.order_by().values("pk")
        now, before = everybody.filter(ins_number=number), everybody.filter(former_numbers__ins_number=number)
        return self.filter(pk__in=now.union(before))

    def with_family_and_birth(self, *, family: str, birth_dates: list[str]) -> Self:
        """Candidates for a comparison of traits: same folded birth name, one of the birth dates as stored (IDN-17)."""
        return self.filter(folded_family=fold(family), birth_date__in=birth_dates).order_by("pk")
