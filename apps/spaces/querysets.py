from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Least

if TYPE_CHECKING:
    from apps.spaces.models.space import HealthSpace  # noqa: F401  named in a string below

# Stands for "no known end" so that ends can be compared; far enough for any clock.
NO_END = datetime(9999, 1, 1, tzinfo=UTC)


def _effective_end() -> Least:
    """The earlier of the planned end and the decided one; Coalesce because an end may be unknown."""
    far = Value(NO_END, output_field=models.DateTimeField())
    return Least(Coalesce(F("ends_at"), far), Coalesce(F("ended_at"), far))


class RightQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Representations and delegations, whose ends are compared with an instant (SEC-04)."""

    def with_end(self) -> Self:
        return self.annotate(until=_effective_end())

    def running(self, *, at: datetime) -> Self:
        return self.with_end().filter(starts_at__lte=at, until__gt=at)


class HealthSpaceQuerySet(models.QuerySet["HealthSpace"]):
    """Reads of spaces."""

    def with_rights_of(self, person_id: UUID | None, *, at: datetime) -> Self:
        """Annotates `represented_until` and `delegated_until`, None without a running right of that person."""
        running = {
            name: Subquery(
                related.objects.running(at=at)
                .filter(space_id=OuterRef("pk"), person_id=person_id)
                .order_by("-until")
                .values("until")[:1]
            )
            for name, related in self._rights().items()
        }
        return self.annotate(represented_until=running["representation"], delegated_until=running["delegation"])

    def reachable_by(self, person_id: UUID, *, at: datetime) -> Self:
        """Open spaces of the person, and those they represent or help in at `at`; own space first."""
        return (
            self.filter(status="open")
            .with_rights_of(person_id, at=at)
            .filter(Q(identity_id=person_id) | Q(represented_until__isnull=False) | Q(delegated_until__isnull=False))
            .select_related("identity")
            .annotate(is_own=Q(identity_id=person_id))
            .order_by("-is_own", "identity__folded_first_given", "pk")
        )

    def with_decisions_about(self, national_id: str, organisation_id: str, *, at: datetime) -> Self:
        """Annotates what the holder decided about one professional: `consent_until`, `is_blocked`, `is_administrator`.

        A consent for the care team counts for everybody of the same structure (ACC-02). A consent from before a block
        of this professional is spent: unblocking does not bring it back (ACC-10); colleagues keep theirs.
        """
        apps = self.model._meta.apps
        about = {"space_id": OuterRef("pk"), "national_id": national_id}
        mine = Q(national_id=national_id)
        if organisation_id:
            mine |= Q(scope="team", organisation_id=organisation_id)
        blocks = apps.get_model("spaces", "professionalblock").objects
        blocked_since = blocks.filter(
            space_id=OuterRef("space_id"),
            national_id=national_id,
            blocked_at__gte=OuterRef("given_at"),
            blocked_at__lte=at,
        )
        consent = (
            apps.get_model("spaces", "careconsent")
            .objects.filter(mine, ~Exists(blocked_since), space_id=OuterRef("pk"), given_at__lte=at, withdrawn_at=None)
            .annotate(until=Coalesce(F("ends_at"), Value(NO_END, output_field=models.DateTimeField())))
            .order_by("-until")
        )
        running = Q(ended_at=None) | Q(ended_at__gt=at)
        return self.annotate(
            consent_until=Subquery(consent.values("until")[:1]),
            is_blocked=Exists(blocks.filter(running, blocked_at__lte=at, **about)),
            is_administrator=Exists(
                apps.get_model("spaces", "spaceadministrator").objects.filter(running, named_at__lte=at, **about)
            ),
        )

    def _rights(self) -> dict[str, Any]:
        apps = self.model._meta.apps
        return {name: apps.get_model("spaces", name) for name in ("representation", "delegation")}
