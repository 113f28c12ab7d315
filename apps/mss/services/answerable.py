"""Who may be written to: the boxes of a conversation, and those of a new message (MSS-20 to MSS-25, MSS-27)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import F, Max, Q

from apps.access import Actor, Decision
from apps.directory import boxes as directory
from apps.mss import policies
from apps.mss.models import Correspondent, Thread


class Reply(StrEnum):
    """States of MSS-25."""

    REPLY = "reply"
    REPLY_TO_ALL = "reply-to-all"
    BLOCKED = "blocked"  # ended by the professional, or the box is blocked by the holder
    NO_REPLY = "no-reply"  # nobody who takes answers
    NEW_MESSAGE = "new-message"  # the conversation is closed or in the bin, the box may still be written to
    FORBIDDEN = "forbidden"  # whoever may only read


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """`boxes` that may be written to, the one that wrote last first; `decision` says why where there is none, and
    `refused` about which box.
    """

    state: Reply
    decision: Decision
    boxes: tuple[Correspondent, ...] = ()
    refused: Correspondent | None = None

    @property
    def may_answer(self) -> bool:
        return self.state in {Reply.REPLY, Reply.REPLY_TO_ALL}

    @property
    def first(self) -> Correspondent | None:
        return self.boxes[0] if self.boxes else None

    @property
    def box(self) -> Correspondent | None:
        """The one that gets the answer first, else the one that gets none; None where nobody takes answers."""
        return self.first or self.refused


def answerable(*, actor: Actor, thread: Thread) -> Answerable:
    """Who gets an answer in this conversation, by one query."""
    decision = policies.may_manage(actor)
    if not decision:
        return Answerable(state=Reply.FORBIDDEN, decision=decision)
    boxes = boxes_of(actor=actor, thread=thread)
    open_to_us = tuple(box for box in boxes if policies.may_write(actor, box))
    if not open_to_us:
        return _nobody(actor, boxes)
    here = policies.may_write(actor, open_to_us[0], thread)
    if not here:
        return Answerable(state=Reply.NEW_MESSAGE, decision=here, boxes=open_to_us)
    state = Reply.REPLY_TO_ALL if len(open_to_us) > 1 else Reply.REPLY
    return Answerable(state=state, decision=here, boxes=open_to_us)


def boxes_to_write(*, actor: Actor) -> list[Correspondent]:
    """Boxes that a new message may go to: they wrote and did not end the exchange, or are pharmacies that were chosen
    (MSS-20, MSS-21); by name.
    """
    wrote = Q(wrote_at__isnull=False) | Q(is_pharmacy=True)
    going_on = Q(ended_at=None) | Q(wrote_at__gt=F("ended_at"))
    rows = Correspondent.objects.visible_to(actor).filter(wrote, going_on, blocked_at=None)
    return [box for box in rows.order_by("display_name", "id") if policies.may_write(actor, box)]


def ended_boxes(*, actor: Actor) -> int:
    """How many boxes ended the exchange, for the page that has nobody else to offer."""
    ended = Q(ended_at__isnull=False) & (Q(wrote_at=None) | Q(wrote_at__lte=F("ended_at")))
    return Correspondent.objects.visible_to(actor).filter(ended).count()


def left_activity(boxes: Iterable[Correspondent]) -> list[Correspondent]:
    """Those whom the national directory no longer holds as active: they may not answer any more (MSS-27)."""
    known = {box.national_id: box for box in boxes if box.national_id}
    return [known[national_id] for national_id in sorted(directory.left_activity(known))]


def box_of(*, actor: Actor, correspondent_id: UUID) -> Correspondent | None:
    """A box of the actor's space."""
    return Correspondent.objects.visible_to(actor).filter(id=correspondent_id).first()


def boxes_of(*, actor: Actor, thread: Thread) -> list[Correspondent]:
    """All that wrote in the conversation or were written to, the last writer first."""
    rows = Correspondent.objects.visible_to(actor).filter(messages__thread_id=thread.id)
    last = Max("messages__received_at", filter=Q(messages__thread_id=thread.id, messages__direction="in"))
    return list(rows.annotate(last_in=last).order_by(F("last_in").desc(nulls_last=True), "id"))


def _nobody(actor: Actor, boxes: list[Correspondent]) -> Answerable:
    if not boxes:
        return Answerable(state=Reply.NO_REPLY, decision=policies.NEVER_WROTE)
    decision = policies.may_write(actor, boxes[0])
    state = Reply.NO_REPLY if decision == policies.NEVER_WROTE else Reply.BLOCKED
    return Answerable(state=state, decision=decision, refused=boxes[0])
