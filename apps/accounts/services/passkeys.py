"""Passkeys added, removed and used, with their lines and their notices (S-05, SE-09)."""

from __future__ import annotations

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest

from apps.accounts import factors, passkeys, security_events, sessions
from apps.accounts.factors import Factor
from apps.accounts.models import SecurityEvent, SignInSession, User
from apps.accounts.passkeys import Answer, PasskeyRefusedError
from apps.accounts.services import opening
from apps.audit.services import Line


class LastFactorError(Exception):
    """Without it nobody could come in any more."""


@transaction.atomic
def add_passkey(*, request: HttpRequest, user: User, name: str, answer: Answer, at: datetime) -> None:
    """Keep a passkey; it gives the level of this session afterwards (SEC-34). The person is told.

    Raises `PasskeyRefusedError`, also beyond ten passkeys.
    """
    own = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if passkeys.of(own).count() >= passkeys.MOST:
        raise PasskeyRefusedError
    level = sessions.facts_of(request).level
    passkeys.finish_adding(user=own, name=name, level=level, answer=answer, at=at)
    _told(user=own, kind=SecurityEvent.Kind.PASSKEY_ADDED, action="accounts.factor.add", at=at)


@transaction.atomic
def remove_passkey(*, request: HttpRequest, user: User, key_id: int, at: datetime) -> None:
    """Forget a passkey; the other sessions end (SEC-15) and the person is told.

    Raises `LastFactorError` when nothing else lets them in, `Authenticator.DoesNotExist` for a key of somebody else.
    """
    own = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    row = passkeys.of(own).get(pk=key_id)
    if not may_remove(own):
        raise LastFactorError
    row.delete()
    opening.end_all_but(user=own, request=request)
    _told(user=own, kind=SecurityEvent.Kind.PASSKEY_REMOVED, action="accounts.factor.remove", at=at)


def may_remove(user: User) -> bool:
    """Whether another way in would be left: FranceConnect, another passkey, or password and application."""
    if SocialAccount.objects.filter(user=user).exists() or passkeys.of(user).count() > 1:
        return True
    return {Factor.PASSWORD, Factor.TOTP} <= factors.means_of(user)


def sign_in_by_passkey(*, request: HttpRequest, answer: Answer, at: datetime) -> User:
    """Open a session for whoever the passkey names, at the level that it was made with (S-05).

    Raises `PasskeyRefusedError`, after a line that names nobody.
    """
    try:
        row = passkeys.finish(answer=answer, at=at)
    except PasskeyRefusedError:
        opening.write(user=None, level="", at=at, line=opening.refusal(reason="passkey", user=None))
        raise
    user = User.objects.get(pk=row.user_id)
    level = str(row.data.get(passkeys.LEVEL, ""))
    opening.open_session(request=request, user=user, means=SignInSession.Means.PASSKEY, level=level, at=at)
    return user


def _told(*, user: User, kind: SecurityEvent.Kind, action: str, at: datetime) -> None:
    line = Line(action=action, target=opening.name_of(user), facts={"factor": Factor.PASSKEY.value})
    opening.write(user=user, level="", at=at, line=line)
    security_events.note(user_id=user.pk, kind=kind, at=at)
