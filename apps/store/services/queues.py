"""What waits in the back office: saved views with their counts, filters (RV-01). Shut dossiers count nowhere (S33)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Min, Q, QuerySet

from apps.access import Actor
from apps.store import policies
from apps.store.models import Candidacy
from apps.store.services import cases
from apps.store.states import Queue


class Pile(StrEnum):
    """Saved views; values stand in addresses."""

    WAITING = "attend"
    MINE = "a-moi"
    UNASSIGNED = "sans-personne"
    LATE = "en-retard"
    FLAGGED = "signales"
    ALL = "tous"


def counts(actor: Actor) -> dict[Pile, int]:
    """How many dossiers each view holds, in one query. Raises `AccessDeniedError`."""
    policies.may_review(actor).required()
    wanted = {pile.name: Count("pk", filter=_condition(pile, actor)) for pile in Pile}
    found = cases.visible(actor).aggregate(**wanted)
    return {pile: found[pile.name] for pile in Pile}


def dossiers(actor: Actor, *, pile: Pile, filters: Mapping[str, str]) -> QuerySet[Candidacy]:
    """Dossiers of a view that meet the filters, by due date, those that wait for nobody last."""
    policies.may_review(actor).required()
    rows = cases.visible(actor).filter(_condition(pile, actor))
    for name, value in filters.items():
        rows = rows.filter(_filter(name, value, actor.at))
    return rows.select_related("publisher", "service", "assignee__identity").soonest_first()


def next_due(actor: Actor) -> datetime | None:
    """When the next term of a publisher ends: what may come to the queues of the back office after it."""
    waiting = cases.visible(actor).waiting_for(Queue.PUBLISHER)
    end: datetime | None = waiting.aggregate(end=Min("due_at"))["end"]
    return end


def _condition(pile: Pile, actor: Actor) -> Q:
    waits = Q(queue__in=cases.queues_of(actor.staff_roles))
    match pile:
        case Pile.WAITING:
            return waits
        case Pile.MINE:
            return Q(assignee=actor.user_id)
        case Pile.UNASSIGNED:
            return waits & Q(assignee=None)
        case Pile.LATE:
            return waits & Q(due_at__lt=actor.at)
        case Pile.FLAGGED:
            return waits & ~Q(reasons=[])
        case Pile.ALL:
            return Q()


def _filter(name: str, value: str, at: datetime) -> Q:
    match name:
        case "etape":
            return Q(status=value)
        case "file":
            return Q(queue=value)
        case "motif":
            return Q(reasons__contains=[value])
        case "editeur":
            named = Q(publisher__name__icontains=value) | Q(service__name__icontains=value)
            return named | Q(publisher__siren=value.replace(" ", "")) | Q(number=value.strip())
        case "retard":
            return Q(due_at__lt=at)
        case _:
            return Q()
