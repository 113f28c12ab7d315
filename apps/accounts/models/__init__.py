from __future__ import annotations

from apps.accounts.models.identity import FormerInsNumber, IdentityStatus, InsIdentity
from apps.accounts.models.security_event import SecurityEvent
from apps.accounts.models.session import SignInSession
from apps.accounts.models.staff import StaffMembership, StaffRole
from apps.accounts.models.user import User

__all__ = [
    "FormerInsNumber",
    "IdentityStatus",
    "InsIdentity",
    "SecurityEvent",
    "SignInSession",
    "StaffMembership",
    "StaffRole",
    "User",
]
