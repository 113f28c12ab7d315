"""What people have to prove who they are: password, one-time codes, recovery codes (SEC-18).

allauth keeps the rows and counts the codes; seeds are closed, and a code works once for each step of time.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from enum import StrEnum

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts import seeds
from apps.accounts.models import User

LAST_STEP = "last_step"  # in the row's data: the highest step of time whose code was used


class Factor(StrEnum):
    """One thing that proves who somebody is."""

    PASSWORD = "password"  # noqa: S105  a word, not a secret
    TOTP = "totp"
    PASSKEY = "webauthn"
    RECOVERY_CODES = "recovery_codes"


SECOND = frozenset({Factor.TOTP, Factor.PASSKEY})


def means_of(user: User) -> set[Factor]:
    """What this person can prove themselves with, beside FranceConnect. One query."""
    found = {Factor(kind) for kind in Authenticator.objects.filter(user=user).values_list("type", flat=True)}
    return found | {Factor.PASSWORD} if user.has_usable_password() else found


def check_password(*, user: User | None, password: str) -> bool:
    """Whether it is their password. As slow for nobody and for somebody without a password (SEC-09: no enumeration)."""
    if user is None:
        make_password(password)
        return False
    return bool(user.check_password(password))


@transaction.atomic
def check_totp(*, user: User, code: str, at: datetime) -> bool:
    """Whether it is a code of their application, of this step of time or a neighbouring one, not used before.

    The row is locked: of two processes with the same code, one is refused. A code older than one already used is
    refused as well.
    """
    rows = Authenticator.objects.select_for_update(of=("self",))
    row = rows.filter(user=user, type=Authenticator.Type.TOTP).first()
    if row is None:
        return False
    with seeds.of(user.pk):
        step = step_of(secret=seeds.opened(row.data["secret"]), code=code, at=at)
    if step is None or step <= row.data.get(LAST_STEP, 0):
        return False
    row.data[LAST_STEP], row.last_used_at = step, at
    row.save(update_fields=["data", "last_used_at"])
    return True


def check_recovery_code(*, user: User, code: str, at: datetime) -> bool:
    """Whether it is one of their recovery codes that was not used; from now on it is (SEC-18)."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None:
        return False
    with seeds.of(user.pk):
        right = bool(RecoveryCodes(row).validate_code(code.replace(" ", "")))
    if right:
        Authenticator.objects.filter(pk=row.pk).update(last_used_at=at)
    return right


def step_of(*, secret: str, code: str, at: datetime) -> int | None:
    """The step of time whose code this is, within the tolerance; the steps are counted as RFC 6238 does."""
    now = int(at.timestamp()) // app_settings.TOTP_PERIOD
    tolerated = range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1)
    typed = code.replace(" ", "").encode()
    right = [step for step in tolerated if hmac.compare_digest(code_of(secret=secret, step=step).encode(), typed)]
    return right[-1] if right else None


def code_of(*, secret: str, step: int) -> str:
    """The six digits of one step of time."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, step)))


def new_seed() -> str:
    """160 random bits in base 32, as applications want them (RFC 4226, R6)."""
    return str(totp.generate_totp_secret())


def add_totp(*, user: User, secret: str, step: int, at: datetime) -> None:
    """Keep the seed of an application that has shown the right code; that code does not work again."""
    with seeds.of(user.pk):
        data = {"secret": seeds.closed(secret), LAST_STEP: step}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data, created_at=at)


def drop_totp(*, user: User) -> None:
    """Forget the application."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()


def renew_recovery_codes(*, user: User) -> None:
    """Ten new codes; the former ones end."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    with seeds.of(user.pk):
        RecoveryCodes.activate(user)


def recovery_codes(*, user: User) -> list[str]:
    """The codes that were not used."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None:
        return []
    with seeds.of(user.pk):
        return [str(code) for code in RecoveryCodes(row).get_unused_codes()]
