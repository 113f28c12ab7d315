"""The publisher gives its candidacy up (STO-67)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.store import clocks, tasks, telling, transitions
from apps.store.models import AgendaItem, Candidacy, Member, Session
from apps.store.services import acting, drafting, sitting
from apps.store.states import Event, Party


@transaction.atomic
def withdraw(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Candidacy:
    """Give the candidacy up, for whoever administrates the organisation or may sign. What was written is kept; a
    session that has not heard it loses it from its agenda, and the secretariat is told.

    After the commit mails leave. Raises `TransitionRefusedError` in a state in which this is not possible,
    `ChangedError`, `UnknownRowError`, `AccessDeniedError`.
    """
    acting.member_who_acts(actor, Member.Role.OWNER, Member.Role.SIGNATORY)
    items = AgendaItem.objects.filter(candidacy=candidacy_id, opinion="")
    # Sessions before dossiers, as the acts of the secretariat lock them.
    waiting = Session.objects.filter(state=Session.State.PLANNED, pk__in=items.values("session"))
    sessions = list(waiting.select_for_update(of=("self",)).order_by("pk"))
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    step = transitions.Step(event=Event.WITHDRAW, by=Party.PUBLISHER, actor=str(actor.user_id), at=at)
    transitions.fire(candidacy, step, touched_at=at)
    items.delete()
    for session in sessions:
        _tell_secretariat(session, candidacy, at)
        sitting.changed(session, actor=actor, act="shorter", at=at, facts={"candidacy": str(candidacy.pk)})
    drafting.traced(actor=actor, candidacy=candidacy, act="candidacy.withdraw", at=at)
    enqueue(tasks.send_mails)
    return candidacy


def _tell_secretariat(session: Session, candidacy: Candidacy, at: datetime) -> None:
    """Without number or name: one of them may have a link to the publisher (STO-18)."""
    facts = {"session": str(session.pk), "due_at": clocks.last_second(session.held_on).isoformat()}
    people, key = telling.staff_of(StaffRole.SECRETARIAT, at=at), f"session:{session.pk}:without:{candidacy.pk}"
    telling.write(user_ids=people, template="session_shorter", key=key, facts=facts, at=at)
