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


def spends_consent() -> Q:
    """Blocks of the person that were in force when a consent of the outer query was given, or since (ACC-10)."""
    given_at = OuterRef("given_at")
    return Q(blocked_at__gte=given_at) | Q(ended_at=None) | Q(ended_at__gt=given_at)


class RightQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Representations and delegations, whose ends are compared with an instant (SEC-04); the dead have none."""

    def with_end(self) -> Self:
        return self.annotate(until=_effective_end())

    def running(self, *, at: datetime) -> Self:
        return self.with_end().filter(starts_at__lte=at, until__gt=at, person__died_on=None)

    def not_over(self, *, at: datetime) -> Self:
        """Those that run, and those whose first day is still to come."""
        return self.with_end().filter(until__gt=at)

    def close_overdue(self, *, space_id: UUID, person_id: UUID, at: datetime) -> None:
        """Write down an end that the clock has passed: nothing changes, but the person may get a new right."""
        overdue = self.filter(space_id=space_id, person_id=person_id, ended_at=None, ends_at__lte=at)
        overdue.update(ended_at=F("ends_at"))


class InvitationQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Invitations: what the inviter sees of them and what the invited person does (SPA-54)."""

    def sent(self) -> Self:
        """Without drafts, and without those that a new invitation replaced."""
        return self.filter(sent_at__isnull=False).exclude(answer="lapsed")

    def addressed_to(self, person_id: UUID) -> Self:
        """Sent to this person and not withdrawn, into spaces that are open."""
        return self.sent().filter(person_id=person_id, space__status="open").exclude(answer="withdrawn")

    def pending(self, *, at: datetime) -> Self:
        """Still to be answered at `at`; the clock ends them (SEC-04)."""
        return self.sent().filter(answer="", expires_at__gt=at)


# A measure that represents the person: the only one that gives a right by itself (SPA-50).
_REPRESENTS = Q(mode="representation") & ~Q(scope="biens")


class RepresentationQuerySet(RightQuerySet):
    """Representations; assistance, or care of goods alone, counts from the protected person's consent on (SPA-51)."""

    def running(self, *, at: datetime) -> Self:
        return super().running(at=at).filter(_REPRESENTS | Q(consented_at__lte=at))

    def representing(self) -> Self:
        return self.filter(_REPRESENTS)

    def assisting(self) -> Self:
        return self.exclude(_REPRESENTS)


class HealthSpaceQuerySet(models.QuerySet["HealthSpace"]):
    """Reads of spaces."""

    def with_rights_of(self, person_id: UUID | None, *, at: datetime) -> Self:
        """Annotates the ends of that person's running rights, None without one: `represented_until`,
        `delegated_until` with `delegated_sections` (SPA-55), `assisted_until` (SPA-51).
        """

        def newest(rights: Any, wanted: str = "until") -> Subquery:  # noqa: ANN401  a queryset of either model
            mine = rights.filter(space_id=OuterRef("pk"), person_id=person_id).order_by("-until")
            return Subquery(mine.values(wanted)[:1])

        apps = self.model._meta.apps
        delegations = apps.get_model("spaces", "delegation").objects.running(at=at)
        representations = apps.get_model("spaces", "representation").objects.running(at=at)
        return self.annotate(
            represented_until=newest(representations.representing()),
            delegated_until=newest(delegations),
            delegated_sections=newest(delegations, "sections"),
            assisted_until=newest(representations.assisting()),
        )

    def reachable_by(self, person_id: UUID, *, at: datetime) -> Self:
        """Open spaces of the person, and those they represent or help in at `at`; own space first."""
        return (
            self.filter(status="open")
            .with_rights_of(person_id, at=at)
            .filter(
                Q(identity_id=person_id)
                | Q(represented_until__isnull=False)
                | Q(delegated_until__isnull=False)
                | Q(assisted_until__isnull=False)
            )
            .select_related("identity")
            .annotate(is_own=Q(identity_id=person_id))
            .order_by("-is_own", "identity__folded_first_given", "pk")
        )

    def with_decisions_about(self, national_id: str, organisation_id: str, *, at: datetime) -> Self:
        """Annotates what the holder decided about one professional: `consent_until`, `is_blocked`, `is_administrator`.

        A consent for the care team counts for everybody of the same structure (ACC-02). A consent from before a block
        of this professional, or given during one, is spent: unblocking does not bring it back (ACC-10); colleagues keep
        theirs.
        """
        apps = self.model._meta.apps
        about = {"space_id": OuterRef("pk"), "national_id": national_id}
        mine = Q(national_id=national_id)
        if organisation_id:
            mine |= Q(scope="team", organisation_id=organisation_id)
        blocks = apps.get_model("spaces", "professionalblock").objects
        blocked_since = blocks.filter(
            spends_consent(), space_id=OuterRef("space_id"), national_id=national_id, blocked_at__lte=at
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
