"""Referenced services and members of the back office who have said that they have no link to them (RV-03)."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import StaffMembership, StaffRole, User
from apps.store.models import ConflictDeclaration, Listing
from tests.harness.clock import NOON
from tests.store import factories


def listing(*args: Any, **values: Any) -> Listing:
    """One to which nobody who works now has a link."""
    made = factories.listing(*args, **values)
    for user in User.objects.filter(pk__in=StaffMembership.objects.values("user")):
        _no_link(made, user)
    return made


def reviewer(*roles: StaffRole) -> User:
    """Somebody without a link to any service that is referenced now."""
    made = factories.reviewer(*roles)
    for one in Listing.objects.select_related("candidacy"):
        _no_link(one, made)
    return made


def _no_link(of: Listing, user: User) -> None:
    ConflictDeclaration.objects.get_or_create(
        candidacy=of.candidacy, user=user, defaults={"has_link": False, "at": NOON}
    )
