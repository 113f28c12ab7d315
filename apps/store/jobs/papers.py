"""Papers of a session: a mail to each member about the dossiers that they may read, seven days before (STO-58)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from apps.common.dates import PARIS
from apps.store import clocks, seats, telling
from apps.store.models import Session

TEMPLATE = "session_papers"


def send_due_papers(*, at: datetime) -> int:
    """Sessions whose day is near enough and whose papers have not left: one transaction each. Returns how many."""
    sent = 0
    while _next(at):
        sent += 1
    return sent


@transaction.atomic
def _next(at: datetime) -> bool:
    today = at.astimezone(PARIS).date()
    last = today + timedelta(days=settings.STORE_PAPERS_DAYS)
    waiting = Session.objects.select_for_update(of=("self",), skip_locked=True).filter(
        state=Session.State.PLANNED, papers_sent_at=None, held_on__lte=last, held_on__gte=today
    )
    session = waiting.filter(pk__in=Session.objects.filter(items__isnull=False)).order_by("held_on", "id").first()
    if session is None:
        return False
    send_papers(session, at=at)
    return True


def send_papers(session: Session, *, at: datetime) -> int:
    """Tell each member in office how many dossiers wait for them; members with a link are told of the others only.

    For a session that the caller has locked; twice is once. After it the agenda is closed. Returns the number of
    members.
    """
    items = list(session.items.select_related("candidacy__publisher").order_by("position", "id"))
    dossiers = [item.candidacy for item in items]
    members = list(seats.in_office(session.held_on))
    links = seats.linked(dossiers, user_ids=[member.user_id for member in members], day=session.held_on)
    for member in members:
        readable = sum((member.user_id, one.pk) not in links for one in dossiers)
        facts: dict[str, str | int] = {
            "session": str(session.pk), "count": readable, "due_at": clocks.last_second(session.held_on).isoformat()
        }  # fmt: skip
        key = f"session:{session.pk}:papers"
        telling.write(user_ids=[member.user_id], template=TEMPLATE, key=key, facts=facts, at=at)
    session.papers_sent_at = at
    session.save(update_fields=["papers_sent_at"])
    return len(members)
