from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.apps import apps as django_apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from apps.access import Actor, Role
from apps.common.dates import PARIS
from apps.store.states import Queue
from apps.store.states.dossier import ENDED
from apps.store.states.listing import ACTIVE, OVER

if TYPE_CHECKING:
    from apps.store.models import Candidacy, Listing  # noqa: F401  names of the type arguments


class CandidacyQuerySet(models.QuerySet["Candidacy"]):
    """Reads of dossiers. `visible_to` is the only entry for code that shows them to somebody."""

    def visible_to(self, actor: Actor) -> Self:
        """Dossiers of one's own publisher, or those of the back office without a conflict of interest (STO-18, S33).

        A draft is seen by its publisher alone. The same rule for several people at once: `seats.linked`.
        """
        if actor.role is Role.PUBLISHER and actor.organisation_id:
            return self.filter(publisher_id=UUID(actor.organisation_id))
        if actor.role is Role.STAFF and actor.user_id is not None:
            return self.exclude(submitted_at=None).without_conflict(actor.user_id, at=actor.at)
        return self.none()

    def without_conflict(self, user_id: UUID, *, at: datetime) -> Self:
        """Without those of publishers to which this person has a link: known, declared about any of their dossiers, or
        of a member who acts for them.
        """
        declared = django_apps.get_model("store", "ConflictDeclaration").objects.filter(
            candidacy__publisher=OuterRef("publisher"), user=user_id, has_link=True
        )
        acts_for = django_apps.get_model("store", "Member").objects.filter(
            publisher=OuterRef("publisher"), user=user_id, ended_at=None
        )
        ties = django_apps.get_model("store", "ReviewerTie").objects.filter(
            Q(siren=OuterRef("publisher__siren"))
            | Q(siren=OuterRef("publisher__group_siren"))
            | Q(sirens_of_group__contains=[OuterRef("publisher__siren")]),
            Q(until=None) | Q(until__gte=at.astimezone(PARIS).date()),
            user=user_id,
        )
        return self.filter(~Exists(declared), ~Exists(acts_for), ~Exists(ties))

    def open(self) -> Self:
        """Not yet at an end."""
        return self.exclude(status__in=ENDED)

    def waiting_for(self, *queues: Queue) -> Self:
        return self.filter(queue__in=queues)

    def soonest_first(self) -> Self:
        """By due date; those that wait for nobody last."""
        return self.order_by(F("due_at").asc(nulls_last=True), "pk")


class ListingQuerySet(models.QuerySet["Listing"]):
    """Reads of referenced services. Everybody sees the catalogue; suspended and withdrawn ones keep their line."""

    def visible_to(self, actor: Actor) -> Self:
        """For pages of the publisher and of the back office, by the same rules as dossiers."""
        if actor.role is Role.PUBLISHER and actor.organisation_id:
            return self.filter(publisher_id=UUID(actor.organisation_id))
        if actor.role is Role.STAFF and actor.user_id is not None:
            dossiers = django_apps.get_model("store", "Candidacy").objects.visible_to(actor)
            return self.filter(candidacy__in=dossiers)
        return self.none()

    def usable(self) -> Self:
        """In the catalogue and open to new people."""
        return self.filter(status__in=ACTIVE)

    def shown(self) -> Self:
        """In the catalogue: also those that are suspended or about to leave."""
        return self.exclude(status__in=OVER)
