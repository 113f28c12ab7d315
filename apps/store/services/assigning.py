"""Who works on a dossier: taking it, taking the next one, giving it to somebody else or back (RV-01, RV-03)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.access import Actor
from apps.accounts.models import StaffMembership, StaffRole, User
from apps.store import transitions
from apps.store.models import Candidacy
from apps.store.services import acting, apart, cases
from apps.store.services.errors import ConflictOfInterestError, WrongValueError
from apps.store.states import Event, Queue
from apps.store.telling import ROLES
from apps.store.transitions import Step, TransitionRefusedError


@transaction.atomic
def take_next(*, actor: Actor, at: datetime) -> Candidacy | None:
    """Give the actor the dossier of their queues that is due first, that nobody has and that they may work on.

    Dossiers that somebody else is taking at this instant are passed over. None: nothing waits. Raises
    `AccessDeniedError`.
    """
    who = acting.reviewer_who_acts(actor)
    waiting = Candidacy.objects.visible_to(actor).waiting_for(*cases.queues_of(actor.staff_roles))
    theirs = Candidacy.objects.filter(apart.dossiers_not_for(who), pk=OuterRef("pk"))
    free = waiting.filter(~Exists(theirs), assignee=None).soonest_first()
    candidacy = free.select_for_update(of=("self",), skip_locked=True).select_related("publisher", "service").first()
    if candidacy is None:
        return None
    _give(actor, candidacy, to=who, reason="", at=at)
    return candidacy


@transaction.atomic
def take(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Candidacy:
    """Take a dossier that waits for the actor's role. Raises as `assign`, and `ChangedError` when it has somebody."""
    candidacy = _for_the_role(actor, candidacy_id, seen)
    if candidacy.assignee_id is not None:
        raise WrongValueError("assignee", "taken")
    who = acting.reviewer_who_acts(actor)
    apart.require(candidacy, user_id=who)
    _give(actor, candidacy, to=who, reason="", at=at)
    return candidacy


def assign(*, actor: Actor, candidacy_id: UUID, to: UUID | None, reason: str, seen: int, at: datetime) -> Candidacy:
    """Give a dossier to somebody of the role that is waited for, or back to everybody of it (`to` None).

    Somebody with a link to the publisher is refused, and the trail says so (S33). After the commit the new person is
    told by mail. Raises `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `SamePersonError`,
    `WrongValueError` for a missing reason or a person without the role, `AccessDeniedError`.
    """
    try:
        return _assign(actor, candidacy_id, to, reason.strip(), seen, at)
    except ConflictOfInterestError:
        refused = Candidacy.objects.visible_to(actor).filter(pk=candidacy_id)
        publisher_id = refused.values_list("publisher_id", flat=True).get()
        target, facts = f"candidacy:{candidacy_id}", {"assignee": str(to)}
        acting.trace(
            actor=actor, act="case.assign_refused", publisher_id=publisher_id, target=target, at=at, facts=facts
        )
        raise


def colleagues(candidacy: Candidacy, *, at: datetime) -> QuerySet[User]:
    """People of the role that is waited for, without those whom another part keeps out."""
    if candidacy.queue not in ROLES:
        return User.objects.none()
    queue = Queue(candidacy.queue)
    running = StaffMembership.objects.filter(role=ROLES[queue], started_at__lte=at, ended_at=None)
    not_theirs = Candidacy.objects.filter(apart.dossiers_not_for(OuterRef("pk")), pk=candidacy.pk)
    users = User.objects.filter(~Exists(not_theirs), pk__in=running.values("user"), is_active=True)
    return users.select_related("identity").order_by("email", "pk")


@transaction.atomic
def _assign(actor: Actor, candidacy_id: UUID, to: UUID | None, reason: str, seen: int, at: datetime) -> Candidacy:
    candidacy = _for_the_role(actor, candidacy_id, seen)
    if not reason:
        raise WrongValueError("reason", "missing")
    if to is not None:
        _require_role(to, ROLES[Queue(candidacy.queue)], at)
        apart.require(candidacy, user_id=to)
        if not Candidacy.objects.filter(pk=candidacy.pk).without_conflict(to, at=at).exists():
            raise ConflictOfInterestError
    _give(actor, candidacy, to=to, reason=reason, at=at)
    return candidacy


def _for_the_role(actor: Actor, candidacy_id: UUID, seen: int) -> Candidacy:
    acting.reviewer_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    if candidacy.queue not in ROLES:
        raise TransitionRefusedError(candidacy.status, Event.HAND_OVER, "")
    acting.reviewer_who_acts(actor, ROLES[Queue(candidacy.queue)])
    return candidacy


def _give(actor: Actor, candidacy: Candidacy, *, to: UUID | None, reason: str, at: datetime) -> None:
    by = cases.PARTIES[Queue(candidacy.queue)]
    step = Step(event=Event.HAND_OVER, by=by, actor=str(actor.user_id), at=at, reason=reason)
    transitions.assign(candidacy, step, who=to)
    facts = {"assignee": str(to or ""), "queue": candidacy.queue}
    target = f"candidacy:{candidacy.id}"
    acting.trace(actor=actor, act="case.assign", publisher_id=candidacy.publisher_id, target=target, at=at, facts=facts)


def _require_role(user_id: UUID, role: StaffRole, at: datetime) -> None:
    running = StaffMembership.objects.filter(user_id=user_id, role=role, started_at__lte=at, ended_at=None)
    if not running.exists():
        raise WrongValueError("assignee", "no-role")
