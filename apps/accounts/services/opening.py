"""Opening a session for somebody who has proved who they are, whatever the way (SEC-15, SEC-34)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest

from apps.access import Actor, Decision, Role
from apps.accounts import events, security_events, sessions
from apps.accounts.devices import device_of
from apps.accounts.models import SecurityEvent, SignInSession, User
from apps.accounts.roles import role_of
from apps.audit.services import Line, record

OVER_LIMIT = Decision(allowed=True, rule="accounts.sessions_per_person")


@transaction.atomic
def open_session(*, request: HttpRequest, user: User, means: SignInSession.Means, level: str, at: datetime) -> None:
    """Give this browser a session of `user`, in the role that is theirs now.

    New key, nothing of the visitor goes on (S40). Members of the staff have one session, others as many as
    `SESSIONS_PER_PERSON`: the oldest end. One line.
    """
    role, before = role_of(user, at=at), user.last_login
    request.session.flush()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.update(
        {
            sessions.LEVEL: level,
            sessions.MEANS: means.value,
            sessions.ROLE: role.value,
            sessions.DEVICE: device_of(request).value,
            sessions.CONFIRMED: at.isoformat(),
            sessions.BEFORE: before.isoformat() if before else "",
        }
    )
    request.session.save()
    most = 1 if role is Role.STAFF else settings.SESSIONS_PER_PERSON
    end_oldest(user=user, request=request, most=most, at=at)
    facts = {"means": means.value, "role": role.value}
    write(user=user, level=level, at=at, line=Line(action="accounts.session.open", target=name_of(user), facts=facts))
    events.tell_session_opened(user=user, level=level, at=at)


def end_oldest(*, user: User, request: HttpRequest, most: int, at: datetime) -> None:
    """End the oldest other sessions, so that `most` remain with this one; a line for each, and the person is told."""
    own = sessions.hashed(request.session.session_key or "")
    others = SignInSession.objects.filter(user=user, expires_at__gt=at).exclude(pk=own).order_by("-opened_at", "-pk")
    ended = [row.pk for row in others[most - 1 :]]
    SignInSession.objects.filter(pk__in=ended).delete()
    for _ in ended:
        write(
            user=user,
            level="",
            at=at,
            line=Line(action="accounts.session.close", target=name_of(user), decision=OVER_LIMIT),
        )
    if ended:
        security_events.note(user_id=user.pk, kind=SecurityEvent.Kind.SESSIONS_ENDED, at=at)


def end_all_but(*, user: User, request: HttpRequest | None) -> int:
    """End every session of this person but that of `request`; returns how many ended."""
    own = sessions.hashed(request.session.session_key or "") if request else ""
    ended, _ = SignInSession.objects.filter(user=user).exclude(pk=own).delete()
    return ended


def renew_key(request: HttpRequest) -> None:
    """Give this session a new key; its absolute limit goes on (SEC-15)."""
    opened_at = sessions.facts_of(request).opened_at
    request.session.cycle_key()
    key = sessions.hashed(request.session.session_key or "")
    if opened_at is not None:
        SignInSession.objects.filter(pk=key).update(opened_at=opened_at)
    request.session.save()


def refusal(*, reason: str, user: User | None) -> Line:
    """The line of a sign-in that did not happen."""
    decision = Decision(allowed=False, rule=f"accounts.{reason}")
    return Line(action="accounts.session.refuse", target=name_of(user) if user else "", decision=decision)


def write(*, user: User | None, level: str, at: datetime, line: Line) -> None:
    """One line of the trail about somebody who is outside spaces."""
    actor = Actor(role=Role.NOBODY, at=at, user_id=user.pk if user else None, level=level)
    record(actor=actor, line=line, at=at)


def name_of(user: User) -> str:
    """How the trail names a person."""
    return f"user:{user.pk}"
