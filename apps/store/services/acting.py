"""Who acts, on which row, and the line of the trail: what every service of the store begins and ends with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from apps.access import AccessDeniedError, Actor
from apps.accounts.models import StaffRole
from apps.audit.services import Fact, Line, record
from apps.common.ids import uuid7
from apps.store import policies
from apps.store.models import Candidacy, Listing, Member
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError

M = TypeVar("M", bound=Model)


def member_who_acts(actor: Actor, *roles: Member.Role) -> Member:
    """The running membership behind the act, read anew: a right that was taken away meanwhile opens nothing.

    Raises `AccessDeniedError`.
    """
    member = None
    if actor.user_id is not None and actor.organisation_id:
        running = Member.objects.select_related("publisher").filter(user_id=actor.user_id, ended_at=None)
        member = running.filter(publisher_id=UUID(actor.organisation_id)).first()
    decision = policies.may_act_for(actor, member, *roles).required()
    if member is None:
        raise AccessDeniedError(decision)
    return member


def reviewer_who_acts(actor: Actor, *roles: StaffRole) -> UUID:
    """Id of the member of the staff behind the act, who holds one of `roles`. Raises `AccessDeniedError`."""
    policies.may_review(actor, *roles).required()
    if actor.user_id is None:
        raise AccessDeniedError(policies.NO_REVIEWER)
    return actor.user_id


def candidacy_for(actor: Actor, *, candidacy_id: UUID) -> Candidacy:
    """One dossier with its publisher and service, to be shown. Raises `UnknownRowError`."""
    rows = Candidacy.objects.visible_to(actor).select_related("publisher", "service")
    found = rows.filter(id=candidacy_id).first()
    if found is None:
        raise UnknownRowError
    return found


def locked(actor: Actor, *, candidacy_id: UUID, seen: int | None = None) -> Candidacy:
    """One dossier, its row locked until the end of the transaction. `seen`: sequence that the page has shown.

    Raises `UnknownRowError`; `ChangedError` when somebody has moved it since.
    """
    rows = Candidacy.objects.visible_to(actor).select_related("publisher", "service")
    found = rows.select_for_update(of=("self",)).filter(id=candidacy_id).first()
    if found is None:
        raise UnknownRowError
    _require_unchanged(found, seen)
    return found


def locked_listing(actor: Actor, *, listing_id: UUID, seen: int | None = None) -> Listing:
    """The same for a referenced service."""
    rows = Listing.objects.visible_to(actor).select_related("publisher", "service", "candidacy__service")
    found = rows.select_for_update(of=("self",)).filter(id=listing_id).first()
    if found is None:
        raise UnknownRowError
    _require_unchanged(found, seen)
    return found


def _require_unchanged(found: Candidacy | Listing, seen: int | None) -> None:
    """`seen`: the number of events that the page has shown; nothing is compared without one."""
    if seen is None or seen == found.sequence:
        return
    last = found.events.order_by("-sequence").first()
    raise ChangedError(
        event=last.event if last else "",
        actor=last.actor if last else "",
        at=found.status_at if last is None else last.at,
    )


def needed(text: str, *, field: str) -> str:
    """What was written, without the blanks around it. Raises `WrongValueError` (`missing`) where nothing is."""
    if not text.strip():
        raise WrongValueError(field, "missing")
    return text.strip()


def made_before(rows: QuerySet[M], *, token: UUID | None) -> M | None:
    """What the same form has made already, for a second click."""
    return rows.filter(pk=token).first() if token is not None else None


def free_id(rows: QuerySet[Any], *, wanted: UUID | None) -> UUID:
    """Id of a row to be made: the token of the form, a new one without it or where another row has it already."""
    return uuid7() if wanted is None or rows.filter(pk=wanted).exists() else wanted


def trace(
    *, actor: Actor, act: str, publisher_id: UUID, target: str, at: datetime, facts: Mapping[str, Fact] | None = None
) -> None:
    """Line `store.<act>` of the trail in the scope of the publisher; `target` is kind and id: `candidacy:<uuid>`."""
    line = Line(action=f"store.{act}", target=target, scope_id=publisher_id, facts=dict(facts or {}))
    record(actor=actor, at=at, line=line)
