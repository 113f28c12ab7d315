"""Sessions of the commission: planning, papers, who is there, end (RV-13, STO-58)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.audit.services import Fact, Line, record
from apps.common.dates import PARIS
from apps.common.tasks import enqueue
from apps.common.workdays import is_workday
from apps.store import clocks, seats, tasks
from apps.store.jobs import papers
from apps.store.models import Presence, Session, Vote
from apps.store.services import acting
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError

State = Session.State
PLANNED_MONTHS = 24  # a session is planned at most so long before [proposal]


@transaction.atomic
def plan_session(*, actor: Actor, held_on: date, at: datetime) -> Session:
    """Announce a session on a working day that leaves time for the papers.

    Raises `WrongValueError` (`held_on`: `too-soon`, `too-late`, `no-workday`, `taken`), `AccessDeniedError`.
    """
    who = acting.reviewer_who_acts(actor, StaffRole.SECRETARIAT)
    if held_on < today(at) + timedelta(days=settings.STORE_PAPERS_DAYS):
        raise WrongValueError("held_on", "too-soon")
    if held_on > clocks.months_after(today(at), PLANNED_MONTHS):
        raise WrongValueError("held_on", "too-late")
    if not is_workday(held_on):
        raise WrongValueError("held_on", "no-workday")
    session, made = Session.objects.get_or_create(
        held_on=held_on, defaults={"planned_by_id": who, "planned_at": at, "changed_by_id": who, "changed_at": at}
    )
    if not made:
        raise WrongValueError("held_on", "taken")
    traced(session, actor=actor, act="plan", at=at)
    return session


@transaction.atomic
def send_papers(*, actor: Actor, session_id: UUID, seen: int, at: datetime) -> int:
    """Send the papers now rather than by the hourly sweep; from then on the agenda is closed.

    After the commit the mails leave. Returns the number of members told. Raises `UnknownRowError`, `ChangedError`,
    `WrongValueError` (`papers`: `sent`, `too-soon`; `items`: `none`; `members`: `none`), `AccessDeniedError`.
    """
    session = locked_session(actor, session_id=session_id, seen=seen)
    if session.papers_sent_at is not None:
        raise WrongValueError("papers", "sent")
    if today(at) < session.held_on - timedelta(days=settings.STORE_PAPERS_DAYS):
        raise WrongValueError("papers", "too-soon")
    if not session.items.exists():
        raise WrongValueError("items", "none")
    told = papers.send_papers(session, at=at)
    if not told:
        raise WrongValueError("members", "none")
    changed(session, actor=actor, act="papers", at=at, facts={"members": told})
    enqueue(tasks.send_mails)
    return told


@transaction.atomic
def record_presence(
    *, actor: Actor, session_id: UUID, member_ids: Collection[UUID], seen: int, at: datetime
) -> Session:
    """Keep who of the members in office is there; votes of members who are not there any more fall.

    Raises `UnknownRowError`, `ChangedError`, `WrongValueError` (`day`: `not-yet`; `presence`: `not-in-office`,
    `has-voted` for somebody whose vote counts in an opinion already), `AccessDeniedError`.
    """
    session = on_the_day(actor, session_id=session_id, seen=seen, at=at)
    wanted = set(member_ids)
    if wanted - set(seats.in_office(session.held_on).values_list("pk", flat=True)):
        raise WrongValueError("presence", "not-in-office")
    gone = Vote.objects.filter(item__session=session).exclude(member__in=wanted)
    if gone.exclude(item__opinion="").exists():
        raise WrongValueError("presence", "has-voted")
    gone.delete()
    session.presences.exclude(member__in=wanted).delete()
    known = set(session.presences.values_list("member_id", flat=True))
    Presence.objects.bulk_create(Presence(session=session, member_id=one) for one in sorted(wanted - known))
    changed(session, actor=actor, act="presence", at=at, facts={"present": len(wanted)})
    return session


@transaction.atomic
def close_session(*, actor: Actor, session_id: UUID, seen: int, at: datetime) -> Session:
    """The session was held; its minutes are there from now on. Each dossier has its opinion, or stands elsewhere.

    Raises `UnknownRowError`, `ChangedError`, `WrongValueError` (`day`: `not-yet`; `items`: `open`),
    `AccessDeniedError`.
    """
    session = on_the_day(actor, session_id=session_id, seen=seen, at=at)
    if session.items.filter(opinion="").exists():
        raise WrongValueError("items", "open")
    session.state, session.closed_at = State.HELD, at
    session.save(update_fields=["state", "closed_at"])
    changed(session, actor=actor, act="close", at=at)
    return session


def session_for(actor: Actor, *, session_id: UUID) -> Session:
    """One session, to be shown to the commission. Raises `UnknownRowError`, `AccessDeniedError`."""
    acting.reviewer_who_acts(actor, StaffRole.SECRETARIAT, StaffRole.MEMBER, StaffRole.DELEGATE)
    found = Session.objects.filter(pk=session_id).first()
    if found is None:
        raise UnknownRowError
    return found


def locked_session(actor: Actor, *, session_id: UUID, seen: int | None = None) -> Session:
    """A planned session, its row locked, for the secretariat.

    Raises `UnknownRowError`, `ChangedError`, `WrongValueError` (`state`) for one that is over, `AccessDeniedError`.
    """
    acting.reviewer_who_acts(actor, StaffRole.SECRETARIAT)
    session = Session.objects.select_for_update(of=("self",)).filter(pk=session_id).first()
    if session is None:
        raise UnknownRowError
    if seen is not None and seen != session.sequence:
        who, when = session.changed_by_id or session.planned_by_id, session.changed_at or session.planned_at
        raise ChangedError(event="", actor=str(who), at=when)
    if session.state != State.PLANNED:
        raise WrongValueError("state", session.state)
    return session


def on_the_day(actor: Actor, *, session_id: UUID, seen: int | None = None, at: datetime) -> Session:
    """The same from the day of the session on."""
    session = locked_session(actor, session_id=session_id, seen=seen)
    if today(at) < session.held_on:
        raise WrongValueError("day", "not-yet")
    return session


def changed(session: Session, *, actor: Actor, act: str, at: datetime, facts: dict[str, Fact] | None = None) -> None:
    """Count a change and write its line."""
    session.sequence, session.changed_by_id, session.changed_at = session.sequence + 1, actor.user_id, at
    session.save(update_fields=["sequence", "changed_by", "changed_at"])
    traced(session, actor=actor, act=act, at=at, facts=facts)


def traced(session: Session, *, actor: Actor, act: str, at: datetime, facts: dict[str, Fact] | None = None) -> None:
    """One line of the trail about the session."""
    line = Line(action=f"store.session.{act}", target=f"session:{session.pk}", facts=facts or {})
    record(actor=actor, at=at, line=line)


def takes_dossiers(session: Session, *, at: datetime) -> bool:
    """Whether its agenda is open: members have the papers a week before (STO-58)."""
    has_time = session.held_on >= today(at) + timedelta(days=settings.STORE_PAPERS_DAYS)
    return session.state == State.PLANNED and session.papers_sent_at is None and has_time


def next_position(session: Session) -> int:
    """Place behind the last dossier."""
    return (session.items.aggregate(last=Max("position"))["last"] or 0) + 1


def today(at: datetime) -> date:
    """The day in Paris."""
    return at.astimezone(PARIS).date()
