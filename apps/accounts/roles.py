"""The capacity in which a session of somebody is opened."""

from __future__ import annotations

from datetime import datetime

from apps.access import Role
from apps.accounts.models import StaffMembership, User


def role_of(user: User, *, at: datetime) -> Role:
    """Staff while one of their roles runs; a publisher with a password and no identity; otherwise a holder."""
    held = StaffMembership.objects.filter(user=user, started_at__lte=at, ended_at__isnull=True)
    if held.exists():
        return Role.STAFF
    if user.identity_id is None and user.has_usable_password():
        return Role.PUBLISHER
    return Role.HOLDER
