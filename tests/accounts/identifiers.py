"""People who sign in by password and code."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.urls import reverse

from apps.accounts import factors
from apps.accounts.models import StaffRole, User
from tests import factories
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

PASSWORD = "quatre mots dans le vent"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # « 12345678901234567890 », the seed of RFC 6238, appendix B
SAM = "sam@operateur.example"


def account(*roles: StaffRole, email: str = SAM, password: str = PASSWORD, has_totp: bool = True) -> User:
    """A member of the staff with these roles; a publisher without any."""
    user = factories.staff(*roles, email=email) if roles else factories.user(email=email)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if has_totp:
        factors.add_totp(user=user, secret=SEED, step=0, at=NOON)
        factors.renew_recovery_codes(user=user)
    return user


def code(at: datetime, *, shift: int = 0) -> str:
    """What the application shows at `at`, `shift` steps later."""
    return factors.code_of(secret=SEED, step=int(at.timestamp()) // 30 + shift)


def give_password(client: PortalClient, *, email: str = SAM, password: str = PASSWORD, **more: str):
    return client.post(reverse("accounts:password"), {"email": email, "password": password, **more})


def give_code(client: PortalClient, typed: str):
    return client.post(reverse("accounts:totp"), {"code": typed})


def sign_in(client: PortalClient, at: datetime, *, shift: int = 0, **fields: str):
    """Both steps; returns the last answer."""
    assert give_password(client, **fields).status_code == 302
    return give_code(client, code(at, shift=shift))
