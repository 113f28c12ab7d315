"""Adding and renewing factors, with their lines and their notices (SE-09, SEC-18)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import HASH_SESSION_KEY
from django.db import transaction
from django.http import HttpRequest

from apps.accounts import factors, security_events
from apps.accounts.factors import Factor
from apps.accounts.models import SecurityEvent, User
from apps.accounts.services import opening
from apps.audit.services import Line


@transaction.atomic
def add_totp(*, user: User, secret: str, code: str, at: datetime) -> bool:
    """Bind an application once it shows the right code; False when it does not, or when there is one already.

    The first second factor comes with recovery codes, which the page shows once.
    """
    own = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    step = factors.step_of(secret=secret, code=code, at=at)
    held = factors.means_of(own)
    if step is None or Factor.TOTP in held:
        return False
    factors.add_totp(user=own, secret=secret, step=step, at=at)
    if Factor.RECOVERY_CODES not in held:
        factors.renew_recovery_codes(user=own)
    _told(user=own, kind=SecurityEvent.Kind.TOTP_ADDED, action="accounts.factor.add", factor=Factor.TOTP, at=at)
    return True


@transaction.atomic
def replace_totp(*, request: HttpRequest, user: User, secret: str, code: str, at: datetime) -> bool:
    """Bind another application instead of the present one; False when it does not show the right code.

    The former one ends, and so do the other sessions (SEC-15). The person is told.
    """
    own = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    step = factors.step_of(secret=secret, code=code, at=at) if secret else None
    if step is None:
        return False
    factors.drop_totp(user=own)
    factors.add_totp(user=own, secret=secret, step=step, at=at)
    opening.end_all_but(user=own, request=request)
    _told(user=own, kind=SecurityEvent.Kind.TOTP_ADDED, action="accounts.factor.change", factor=Factor.TOTP, at=at)
    return True


@transaction.atomic
def renew_recovery_codes(*, user: User, at: datetime) -> None:
    """Ten new recovery codes instead of those of before."""
    own = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    factors.renew_recovery_codes(user=own)
    kind = SecurityEvent.Kind.CODES_RENEWED
    _told(user=own, kind=kind, action="accounts.factor.renew", factor=Factor.RECOVERY_CODES, at=at)


@transaction.atomic
def change_password(*, user: User, password: str, request: HttpRequest | None, at: datetime) -> None:
    """Keep the new password, already checked against the rules; every other session ends (SEC-15).

    `request`: whose session goes on, none after a reset by mail.
    """
    own = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    own.set_password(password)
    own.save(update_fields=["password"])
    opening.end_all_but(user=own, request=request)
    if request:
        request.session[HASH_SESSION_KEY] = own.get_session_auth_hash()
        opening.renew_key(request)
    kind = SecurityEvent.Kind.PASSWORD_CHANGED if request else SecurityEvent.Kind.PASSWORD_RESET
    _told(user=own, kind=kind, action="accounts.factor.change", factor=Factor.PASSWORD, at=at)


@transaction.atomic
def end_other_sessions(*, user: User, request: HttpRequest, at: datetime) -> int:
    """End every session of this person but this one; returns how many ended."""
    ended = opening.end_all_but(user=user, request=request)
    if ended:
        line = Line(action="accounts.session.close", target=opening.name_of(user), facts={"number": ended})
        opening.write(user=user, level="", at=at, line=line)
        security_events.note(user_id=user.pk, kind=SecurityEvent.Kind.SESSIONS_ENDED, at=at)
    return ended


def _told(*, user: User, kind: SecurityEvent.Kind, action: str, factor: Factor, at: datetime) -> None:
    line = Line(action=action, target=opening.name_of(user), facts={"factor": factor.value})
    opening.write(user=user, level="", at=at, line=line)
    security_events.note(user_id=user.pk, kind=kind, at=at)
