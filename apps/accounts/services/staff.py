"""Accounts of the staff, made by whoever runs the platform."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from apps.access import SYSTEM
from apps.accounts.models import StaffMembership, StaffRole, User
from apps.accounts.services import opening
from apps.audit.services import Line, record


class IdentifierTakenError(Exception):
    """Somebody signs in with this address already."""


@transaction.atomic
def add_staff(*, email: str, roles: Collection[StaffRole], at: datetime) -> User:
    """Make an account without a password for a member of the staff, or for a publisher when `roles` is empty.

    It can be entered once a password is chosen by a key (`resetting.key_of`), and asks for a second factor then.
    Raises `IdentifierTakenError`.
    """
    address = email.strip().lower()
    if EmailAddress.objects.filter(email=address).exists():
        raise IdentifierTakenError
    user = User(email=address)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    for role in roles:
        StaffMembership.objects.create(user=user, role=role, started_at=at)
    facts = {"roles": " ".join(sorted(roles))}
    record(actor=SYSTEM, line=Line(action="accounts.staff.add", target=opening.name_of(user), facts=facts), at=at)
    return user
