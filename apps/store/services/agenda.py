"""What a session is about: dossiers that are ready, moved to another session, a session that is cancelled (STO-58)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.common.tasks import enqueue
from apps.store import clocks, seats, tasks, telling, transitions
from apps.store.models import AgendaItem, Candidacy, Session
from apps.store.services import acting, sitting
from apps.store.services.errors import UnknownRowError, WrongValueError
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step


@transaction.atomic
def put_on_agenda(
    *, actor: Actor, session_id: UUID, candidacy_ids: Collection[UUID], seen: int, at: datetime
) -> list[AgendaItem]:
    """Put dossiers that are ready behind those that stand there; the commission has them until the end of its day.

    All or none. Raises `UnknownRowError`, `ChangedError`, `TransitionRefusedError`, `WrongValueError` (`papers`:
    `sent`, `too-late`; `day`: `over`; `candidacies`: `none`; `members`: `too-few`, where conflicts leave no quorum),
    `AccessDeniedError`.
    """
    session = _open_agenda(actor, session_id, seen, at)
    if not candidacy_ids:
        raise WrongValueError("candidacies", "none")
    items = [_put(actor, session, candidacy_id, at) for candidacy_id in candidacy_ids]
    sitting.changed(session, actor=actor, act="agenda", at=at, facts={"added": len(items)})
    return items


@transaction.atomic
def move_item(*, actor: Actor, item_id: UUID, to: UUID, reason: str, seen: int, at: datetime) -> AgendaItem:
    """Put a dossier without an opinion on the agenda of another session; votes fall. `seen`: of its session.

    Raises as `put_on_agenda`, and `WrongValueError` (`opinion`: `given`; `to`: `same`; `reason`: `missing`).
    """
    item = item_for(actor, item_id=item_id)
    session = sitting.locked_session(actor, session_id=item.session_id, seen=seen)
    if to == session.pk:
        raise WrongValueError("to", "same")
    target = _open_agenda(actor, to, None, at)
    _move(actor, item, acting.locked(actor, candidacy_id=item.candidacy_id), target, reason, at)
    sitting.changed(session, actor=actor, act="move", at=at, facts={"candidacy": str(item.candidacy_id), "to": str(to)})
    sitting.changed(target, actor=actor, act="agenda", at=at, facts={"added": 1})
    return item


@transaction.atomic
def cancel_session(*, actor: Actor, session_id: UUID, to: UUID | None, reason: str, seen: int, at: datetime) -> Session:
    """Give a session up; its dossiers go to the agenda of another one (the table knows no way back to READY), those
    too that a link of the actor shuts: this shows nothing of them.

    Raises as `move_item`, and `WrongValueError` (`opinion`: `given` once one stands; `to`: `missing` while dossiers
    stand on it).
    """
    session = sitting.locked_session(actor, session_id=session_id, seen=seen)
    items = list(session.items.order_by("position", "id"))
    if any(item.opinion for item in items):
        raise WrongValueError("opinion", "given")
    if items:
        if to is None or to == session.pk:
            raise WrongValueError("to", "missing")
        target = _open_agenda(actor, to, None, at)
        rows = Candidacy.objects.select_related("publisher", "service").select_for_update(of=("self",))
        dossiers = {row.pk: row for row in rows.filter(agenda__in=items).order_by("pk")}
        for item in items:
            _move(actor, item, dossiers[item.candidacy_id], target, reason, at)
        sitting.changed(target, actor=actor, act="agenda", at=at, facts={"added": len(items)})
    session.state = Session.State.CANCELLED
    session.save(update_fields=["state"])
    sitting.changed(session, actor=actor, act="cancel", at=at, facts={"moved": len(items)})
    return session


def item_for(actor: Actor, *, item_id: UUID) -> AgendaItem:
    """One dossier on an agenda that this person may read. Raises `UnknownRowError`."""
    rows = AgendaItem.objects.select_related("session", "candidacy__publisher", "candidacy__service")
    found = rows.filter(pk=item_id, candidacy__in=Candidacy.objects.visible_to(actor)).first()
    if found is None:
        raise UnknownRowError
    return found


def _put(actor: Actor, session: Session, candidacy_id: UUID, at: datetime) -> AgendaItem:
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    _require_bench(candidacy, session)
    item, _made = AgendaItem.objects.get_or_create(
        session=session, candidacy=candidacy, defaults={"position": sitting.next_position(session)}
    )
    step = Step(
        event=Event.SCHEDULE, by=Party.SECRETARIAT, actor=str(actor.user_id), at=at,
        due_at=clocks.last_second(session.held_on), facts=_facts(session),
    )  # fmt: skip
    transitions.fire(candidacy, step)
    return item


def _move(actor: Actor, item: AgendaItem, candidacy: Candidacy, target: Session, reason: str, at: datetime) -> None:
    if item.opinion or candidacy.status != Status.COMMISSION:
        raise WrongValueError("opinion", "given")
    reason = acting.needed(reason, field="reason")
    _require_bench(candidacy, target)
    item.votes.all().delete()
    item.session, item.position = target, sitting.next_position(target)
    item.save(update_fields=["session", "position"])
    step = Step(
        event=Event.HAND_OVER, by=Party.SECRETARIAT, actor=str(actor.user_id), at=at, queue=Queue.SECRETARIAT,
        due_at=clocks.last_second(target.held_on), reason=reason, facts=_facts(target),
    )  # fmt: skip
    event = transitions.hand_over(candidacy, step)
    telling.write(
        user_ids=telling.publisher_people(candidacy.publisher_id), template="dossier_moved",
        key=f"dossier:{candidacy.pk}:{event.sequence}", facts=telling.facts_of(candidacy), at=at,
    )  # fmt: skip
    enqueue(tasks.send_mails)


def _open_agenda(actor: Actor, session_id: UUID, seen: int | None, at: datetime) -> Session:
    session = sitting.locked_session(actor, session_id=session_id, seen=seen)
    if session.papers_sent_at is not None:
        raise WrongValueError("papers", "sent")
    if session.held_on < sitting.today(at):
        raise WrongValueError("day", "over")
    if not sitting.takes_dossiers(session, at=at):
        raise WrongValueError("papers", "too-late")
    return session


def _require_bench(candidacy: Candidacy, session: Session) -> None:
    """STO-58: conflicts are computed and a quorum can be reached."""
    members = list(seats.in_office(session.held_on))
    bench = seats.benches([candidacy], members=members, present=(), day=session.held_on)[candidacy.pk]
    if not bench.can_have_quorum:
        raise WrongValueError("members", "too-few")


def _facts(session: Session) -> dict[str, str | int | bool]:
    return {"session": str(session.pk), "held_on": session.held_on.isoformat()}
