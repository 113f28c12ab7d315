"""Confirming who is there, within a session (S-10, IDN-37)."""

from __future__ import annotations

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest

from apps.access import Actor, Decision, Role
from apps.accounts import sessions
from apps.accounts.franceconnect.faults import Fault, SignInRefusedError
from apps.accounts.franceconnect.flow import Proof
from apps.accounts.models import SignInSession, User
from apps.accounts.services import opening
from apps.audit.services import Line, record

ACTION = "accounts.session.confirm"


@transaction.atomic
def confirm(*, request: HttpRequest, user: User, means: str, at: datetime) -> None:
    """Write that the person of this session has just proved who they are; it counts for five minutes.

    `means`: as in `SignInSession.Means`. The session gets a new key (SEC-15) and keeps its absolute limit.
    """
    request.session[sessions.CONFIRMED] = at.isoformat()
    opening.renew_key(request)
    line = Line(action=ACTION, target=f"user:{user.pk}", facts={"means": means})
    _record(request, user, line, at)


def confirm_by_franceconnect(*, request: HttpRequest, user: User, proof: Proof, at: datetime) -> None:
    """Confirm by a fresh sign-in at FranceConnect of the very same (issuer, sub).

    Raises `SignInRefusedError(OTHER_PERSON)`; the session of the person who began goes on as it was.
    """
    accounts = SocialAccount.objects.filter(user=user, provider=proof.issuer, uid=proof.subject)
    if not accounts.exists():
        raise SignInRefusedError(Fault.OTHER_PERSON)
    confirm(request=request, user=user, means=SignInSession.Means.FRANCECONNECT.value, at=at)


def refuse_confirmation(*, request: HttpRequest, user: User, reason: str, at: datetime) -> None:
    """Write that a confirmation did not succeed; nothing else changes."""
    decision = Decision(allowed=False, rule=f"accounts.{reason}")
    _record(request, user, Line(action=ACTION, target=f"user:{user.pk}", decision=decision), at)


def _record(request: HttpRequest, user: User, line: Line, at: datetime) -> None:
    level = sessions.facts_of(request).level
    record(actor=Actor(role=Role.NOBODY, at=at, user_id=user.pk, level=level), line=line, at=at)
