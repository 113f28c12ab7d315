"""Accounts of the staff and of a publisher in the demonstration (SEC-29: its loading is refused in production)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from apps.access import Actor, Role
from apps.accounts import factors, services
from apps.accounts.models import StaffRole, User

# Published on purpose: they open nothing but a demonstration.
PASSWORD = "demonstration sans valeur"  # noqa: S105
SEED = "MVXHGLLEMVWW63TTORZGC5DJN5XC2ZTS"
OPERATOR, APPROVER = "deploiement@demo.example", "visa@demo.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationAccount:
    """Somebody who signs in by mail address, password and code; a publisher has no role of the staff."""

    email: str
    note: str
    roles: tuple[StaffRole, ...] = ()


ACCOUNTS = (
    DemonstrationAccount(email=OPERATOR, note="roll-out operator", roles=(StaffRole.OPERATOR,)),
    DemonstrationAccount(email=APPROVER, note="second person of the roll-out", roles=(StaffRole.APPROVER,)),
    DemonstrationAccount(email="assistance@demo.example", note="support", roles=(StaffRole.SUPPORT,)),
    DemonstrationAccount(email="plateforme@demo.example", note="platform", roles=(StaffRole.PLATFORM,)),
    DemonstrationAccount(email="instruction@demo.example", note="assessor of services", roles=(StaffRole.ASSESSOR,)),
    DemonstrationAccount(email="editeur@demo.example", note="publisher of a service"),
)


def load_staff(*, at: datetime) -> None:
    """Make the accounts, with the published password, seed and new recovery codes."""
    for account in ACCOUNTS:
        user = services.add_staff(email=account.email, roles=account.roles, at=at)
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        factors.add_totp(user=user, secret=SEED, step=0, at=at)
        factors.renew_recovery_codes(user=user)


def at_work(email: str, at: datetime) -> Actor:
    """One of the accounts as it acts, in the past of the demonstration too."""
    roles = frozenset(role for account in ACCOUNTS if account.email == email for role in account.roles)
    return Actor(role=Role.STAFF, at=at, user_id=User.objects.get(email=email).pk, staff_roles=roles)
