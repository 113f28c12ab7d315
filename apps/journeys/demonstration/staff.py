"""Accounts of the staff and of publishers in the demonstration (SEC-29: its loading is refused in production)."""

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
DESK, PRIVACY, SECRETARIAT = "guichet@demo.example", "donnees@demo.example", "commission@demo.example"
ASSESSOR, SECOND_READER = "instruction@demo.example", "lecture@demo.example"
DELEGATE, CONFIRMER = "delegue@demo.example", "delegue2@demo.example"
MEMBERS = tuple(f"membre{number}@demo.example" for number in range(1, 10))
PUBLISHER = "editeur@demo.example"
SECOND_PUBLISHER = "editeur3@demo.example"


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
    DemonstrationAccount(email=DESK, note="desk of the store", roles=(StaffRole.DESK,)),
    DemonstrationAccount(email=ASSESSOR, note="assessor of services", roles=(StaffRole.ASSESSOR,)),
    DemonstrationAccount(email=SECOND_READER, note="second assessor", roles=(StaffRole.ASSESSOR,)),
    DemonstrationAccount(email=PRIVACY, note="data-protection check", roles=(StaffRole.PRIVACY,)),
    DemonstrationAccount(email=SECRETARIAT, note="secretariat of the commission", roles=(StaffRole.SECRETARIAT,)),
    DemonstrationAccount(email=DELEGATE, note="minister's delegate", roles=(StaffRole.DELEGATE,)),
    DemonstrationAccount(email=CONFIRMER, note="second delegate", roles=(StaffRole.DELEGATE,)),
    DemonstrationAccount(email="recours@demo.example", note="officer for appeals", roles=(StaffRole.APPEALS,)),
    *(DemonstrationAccount(email=email, note="commission", roles=(StaffRole.MEMBER,)) for email in MEMBERS),
    DemonstrationAccount(email=PUBLISHER, note="publisher, administrator and signatory"),
    DemonstrationAccount(email="editeur2@demo.example", note="publisher without an organisation"),
    DemonstrationAccount(email=SECOND_PUBLISHER, note="publisher, one service suspended, one refused"),
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
