"""What a space says about who may see its documents: administrators, helpers, emergencies (ACC-12, ACC-20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from apps.directory.models import Professional
from apps.spaces.models import Delegation, HealthSpace, Representation, SpaceAdministrator

_SWITCHES = ("break_glass_allowed", "emergency_call_allowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """A professional who sees hidden documents; the number stands for the name when the directory has lost it."""

    name: str
    is_declared_gp: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Who sees what in a space at an instant. `shows_hidden_in_emergency` counts the three switches of ACC-20."""

    administrators: tuple[Administrator, ...]
    has_representatives: bool
    has_delegates: bool
    shows_hidden_in_emergency: bool


def disclosure_of(*, space_id: UUID, at: datetime) -> Disclosure:
    """By three queries, whatever the number of people. The declared GP comes first."""
    space = (
        HealthSpace.objects.annotate(
            has_representatives=Exists(Representation.objects.running(at=at).filter(space_id=OuterRef("pk"))),
            has_delegates=Exists(Delegation.objects.running(at=at).filter(space_id=OuterRef("pk"))),
        )
        .values(*_SWITCHES, "masked_in_emergency", "has_representatives", "has_delegates")
        .get(pk=space_id)
    )
    emergencies = any(space[switch] for switch in _SWITCHES)
    return Disclosure(
        administrators=administrators_of(space_id=space_id, at=at),
        has_representatives=space["has_representatives"],
        has_delegates=space["has_delegates"],
        shows_hidden_in_emergency=emergencies and space["masked_in_emergency"],
    )


def administrators_of(*, space_id: UUID, at: datetime) -> tuple[Administrator, ...]:
    """Administrators at that instant, the declared GP first, then in the order in which they were named."""
    running = Q(ended_at=None) | Q(ended_at__gt=at)
    rows = list(
        SpaceAdministrator.objects.filter(running, space_id=space_id, named_at__lte=at).order_by(
            "-is_declared_gp", "named_at", "id"
        )
    )
    known = Professional.objects.in_bulk([row.national_id for row in rows], field_name="national_id")
    return tuple(
        Administrator(
            name=known[row.national_id].display_name if row.national_id in known else row.national_id,
            is_declared_gp=row.is_declared_gp,
        )
        for row in rows
    )
