"""What became of messages that were sent, and trying again (M-03, MSS-65)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min, Q

from apps.access import AccessDeniedError, Actor, Decision
from apps.audit.services import Fact, Line, record
from apps.common.limits import allow
from apps.common.tasks import enqueue
from apps.mss import policies, tasks
from apps.mss.jobs.sending import RELAY_AWAY
from apps.mss.models import Correspondent, Message, OutgoingMail, Thread
from apps.mss.services.answering import LIMIT, TooManyMessagesError
from apps.mss.standing import Standing, standing_of

_State = OutgoingMail.State


class MessageMissingError(Exception):
    """No such message that was sent, for this actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One box that a message went to, by its name, and how far it came."""

    name: str = field(repr=False)
    standing: Standing


def deliveries(*, actor: Actor, message_ids: Collection[UUID]) -> dict[UUID, list[Delivery]]:
    """For each of these messages what became of it, box by box; by two queries, whatever their number."""
    seen = Message.objects.visible_to(actor).filter(id__in=message_ids, direction=Message.Direction.SENT)
    mails = OutgoingMail.objects.filter(space_id=actor.space_id, message_id__in=seen.values("id")).order_by("id")
    found = list(mails)
    boxes = Correspondent.objects.visible_to(actor).filter(address__in={mail.address for mail in found})
    names = dict(boxes.values_list("address", "display_name"))
    told: dict[UUID, list[Delivery]] = {}
    for mail in found:
        if mail.message_id is not None:
            delivery = Delivery(name=names.get(mail.address, ""), standing=standing_of(mail))
            told.setdefault(mail.message_id, []).append(delivery)
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalled:
    """Messages of a space wait for the operator that takes them: the oldest `since`, the `last` one that left."""

    since: datetime
    last: datetime | None


def stalled(*, actor: Actor) -> Stalled | None:
    """None where nothing waits for the operator; by one query (M-01)."""
    mine = Message.objects.visible_to(actor).filter(direction=Message.Direction.SENT)
    mails = OutgoingMail.objects.filter(space_id=actor.space_id, message_id__in=mine.values("id"))
    found = mails.aggregate(
        since=Min("written_at", filter=Q(state=_State.WAITING, problem=RELAY_AWAY)),
        last=Max("ended_at", filter=Q(state=_State.SENT)),
    )
    return Stalled(since=found["since"], last=found["last"]) if found["since"] else None


def thread_of(*, actor: Actor, message_id: UUID) -> UUID:
    """The conversation of a message that was sent. Raises `MessageMissingError`."""
    return _sent(actor, message_id).thread_id


def send_again(*, actor: Actor, message_id: UUID, at: datetime) -> int:
    """Try the mails of a message again that were refused or given up, as the same mails; returns their number.

    A second click finds nothing to do. Queued after the commit. Raises `MessageMissingError`; `AccessDeniedError` as
    for a new answer, which leaves a line; `TooManyMessagesError`.
    """
    try:
        return _send_again(actor, message_id, at)
    except AccessDeniedError as error:
        _trace(actor, message_id, error.decision, {}, at)
        raise


@transaction.atomic
def _send_again(actor: Actor, message_id: UUID, at: datetime) -> int:
    decision = policies.may_manage(actor).required()
    message = _sent(actor, message_id)
    mails = _locked(message)
    if not mails:
        return 0
    _require_writable(actor, message, mails)
    verdict = allow(act=LIMIT, key=str(message.space_id), at=at)
    if not verdict.allowed:
        raise TooManyMessagesError(verdict.retry_at)
    for mail in mails:
        mail.state, mail.due_at, mail.ended_at = _State.WAITING, at, None
        mail.attempts, mail.problem, mail.status_code, mail.tried_since = 0, "", "", at
        mail.save(update_fields=["state", "due_at", "ended_at", "attempts", "problem", "status_code", "tried_since"])
    _trace(actor, message_id, decision, {"recipients": len(mails)}, at)
    enqueue(tasks.send_mails)
    return len(mails)


def _sent(actor: Actor, message_id: UUID) -> Message:
    message = Message.objects.visible_to(actor).filter(id=message_id, direction=Message.Direction.SENT).first()
    if message is None:
        raise MessageMissingError(message_id)
    return message


def _locked(message: Message) -> list[OutgoingMail]:
    rows = OutgoingMail.objects.select_for_update(of=("self",)).filter(space_id=message.space_id)
    failed = rows.filter(message_id=message.id, state__in=(_State.REFUSED, _State.PARKED))
    return [mail for mail in failed.order_by("id") if standing_of(mail).may_try_again]


def _require_writable(actor: Actor, message: Message, mails: list[OutgoingMail]) -> None:
    thread = Thread.objects.get(space_id=message.space_id, id=message.thread_id)
    boxes = Correspondent.objects.filter(space_id=message.space_id, address__in=[mail.address for mail in mails])
    for box in boxes.order_by("id"):
        policies.may_write(actor, box, thread).required()


def _trace(actor: Actor, message_id: UUID, decision: Decision, facts: dict[str, Fact], at: datetime) -> None:
    target = f"message:{message_id}"
    line = Line(action="mss.message.send_again", target=target, decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
