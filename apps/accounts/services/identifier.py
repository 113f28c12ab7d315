"""Sign-in by identifier: password, then a code of the application or a recovery code (S-04, SEC-09, SEC-18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest

from apps.accounts import factors, security_events
from apps.accounts.levels import TWO_FACTORS
from apps.accounts.models import SecurityEvent, SignInSession, User
from apps.accounts.services import opening
from apps.common import limits

ACCOUNT, ADDRESS = "password_account", "password_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Outcome of one try: the user when it was right; `retry_at` when nobody may try before."""

    user: User | None = None
    retry_at: datetime | None = None


@transaction.atomic
def try_password(*, email: str, password: str, address: str, at: datetime) -> Tried:
    """The first step. `address`: of the browser, as limits count it.

    Unknown identifiers, closed accounts and wrong passwords look alike, limits and time included. Five failures of an
    account, twenty of an address, within a quarter of an hour: nobody may go on there, and the person is told.
    """
    user = by_identifier(email)
    key = str(user.pk) if user else email.strip().lower()
    return _try(
        user=user,
        keys={ACCOUNT: key, ADDRESS: address},
        right=lambda: factors.check_password(user=user, password=password),
        reason="password",
        at=at,
    )


@transaction.atomic
def try_totp(*, user: User, code: str, address: str, at: datetime) -> Tried:
    """The second step by the application; wrong codes count with wrong passwords."""
    return _try(
        user=_locked(user),
        keys={ACCOUNT: str(user.pk), ADDRESS: address},
        right=lambda: factors.check_totp(user=user, code=code, at=at),
        reason="totp",
        at=at,
    )


@transaction.atomic
def try_recovery_code(*, user: User, code: str, address: str, at: datetime) -> Tried:
    """The second step without the application: one of the printed codes, once. The person is told."""
    tried = _try(
        user=_locked(user),
        keys={"recovery_account": str(user.pk), "recovery_address": address},
        right=lambda: factors.check_recovery_code(user=user, code=code, at=at),
        reason="recovery_code",
        at=at,
    )
    if tried.user:
        security_events.note(user_id=user.pk, kind=SecurityEvent.Kind.CODE_USED, at=at)
    return tried


def sign_in_by_identifier(*, request: HttpRequest, user: User, means: SignInSession.Means, at: datetime) -> None:
    """Open the session once both steps are right; failures are forgotten."""
    opening.open_session(request=request, user=user, means=means, level=TWO_FACTORS, at=at)
    limits.forget(act=ACCOUNT, key=str(user.pk))


def by_identifier(email: str) -> User | None:
    """The active person whose verified identifier this is, locked: tries of one account come one after another."""
    known = EmailAddress.objects.filter(email=email.strip().lower(), verified=True).values_list("user_id", flat=True)
    return User.objects.select_for_update(of=("self",)).filter(pk__in=known, is_active=True).first()


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _try(*, user: User | None, keys: dict[str, str], right: Callable[[], bool], reason: str, at: datetime) -> Tried:
    verdict = limits.look(keys=keys, at=at)
    if not verdict.allowed:
        opening.write(user=user, level="", at=at, line=opening.refusal(reason="limit", user=user))
        return Tried(retry_at=verdict.retry_at)
    if right() and user:
        return Tried(user=user)
    limits.allow_all(keys=keys, at=at)
    opening.write(user=user, level="", at=at, line=opening.refusal(reason=reason, user=user))
    account = {act: key for act, key in keys.items() if act.endswith("_account")}
    if user and not limits.look(keys=account, at=at).allowed:
        security_events.note(user_id=user.pk, kind=SecurityEvent.Kind.TRIES_EXCEEDED, at=at)
    return Tried()
