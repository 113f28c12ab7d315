"""What holds of spaces and of the rights in them at every moment (SPA-30, SPA-52, SEC-04)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Q

from apps.common.invariants import register
from apps.spaces.models import CareConsent, Delegation, HealthSpace, Representation, SpaceAdministrator

_SHUT = (HealthSpace.Status.CLOSED, HealthSpace.Status.DELETED)
_ENDS_BEFORE_ITS_START = Q(ends_at__lte=F("starts_at"))  # a right called off before its first day is none of these


@register("spaces.closed_with_running_right")
def closed_with_running_right(*, at: datetime) -> int:
    """Rights that still run in a closed space: of representatives, relatives, administrators, care teams (SPA-30)."""
    runs = Q(space__status__in=_SHUT) & (Q(ends_at=None) | Q(ends_at__gt=at))
    return (
        Delegation.objects.filter(runs, ended_at=None).order_by().count()
        + Representation.objects.filter(runs, ended_at=None).order_by().count()
        + CareConsent.objects.filter(runs, withdrawn_at=None).count()
        + SpaceAdministrator.objects.filter(space__status__in=_SHUT, ended_at=None).count()
    )


@register("spaces.rights_that_end_before_they_start")
def rights_that_end_before_they_start(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Representations and delegations whose last day lies before their first."""
    return sum(
        model.objects.filter(_ENDS_BEFORE_ITS_START).order_by().count() for model in (Representation, Delegation)
    )


@register("spaces.too_many_helpers")
def too_many_helpers(*, at: datetime) -> int:
    """Holders with more than three relatives, and people who help more than five (SPA-52)."""
    return sum(
        Delegation.objects.filter(ended_at=None, ends_at__gt=at)
        .order_by()
        .values(side)
        .annotate(number=Count("id"))
        .filter(number__gt=most)
        .count()
        for side, most in (("space_id", 3), ("person_id", 5))
    )
