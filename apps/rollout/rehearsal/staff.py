"""Two people who run the rehearsal: what one asks for, the other one approves (SEC-21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.access import Actor, Role
from apps.accounts.models import StaffRole, User
from apps.accounts.services import add_staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Accounts without a password: nobody signs in with them."""

    operator: User
    approver: User

    def operates(self, at: datetime) -> Actor:
        """The first person at work."""
        return _at_work(self.operator, StaffRole.OPERATOR, at)

    def approves(self, at: datetime) -> Actor:
        """The second one."""
        return _at_work(self.approver, StaffRole.APPROVER, at)


def engage(at: datetime) -> Staff:
    """Make the accounts."""
    operator = add_staff(email="operateur@repetition.test", roles=(StaffRole.OPERATOR,), at=at)
    approver = add_staff(email="visa@repetition.test", roles=(StaffRole.APPROVER,), at=at)
    return Staff(operator=operator, approver=approver)


def _at_work(user: User, role: StaffRole, at: datetime) -> Actor:
    return Actor(role=Role.STAFF, at=at, user_id=user.pk, staff_roles=frozenset({role}))
