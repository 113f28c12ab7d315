"""The publisher gives its candidacy up (STO-67)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.common.tasks import enqueue
from apps.store import tasks, transitions
from apps.store.models import Candidacy, Member
from apps.store.services import acting, drafting
from apps.store.states import Event, Party


@transaction.atomic
def withdraw(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Candidacy:
    """Give the candidacy up, for whoever administrates the organisation or may sign. What was written is kept.

    After the commit mails leave. Raises `TransitionRefusedError` in a state in which this is not possible,
    `ChangedError`, `UnknownRowError`, `AccessDeniedError`.
    """
    acting.member_who_acts(actor, Member.Role.OWNER, Member.Role.SIGNATORY)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    step = transitions.Step(event=Event.WITHDRAW, by=Party.PUBLISHER, actor=str(actor.user_id), at=at)
    transitions.fire(candidacy, step, touched_at=at)
    drafting.traced(actor=actor, candidacy=candidacy, act="candidacy.withdraw", at=at)
    enqueue(tasks.send_mails)
    return candidacy
