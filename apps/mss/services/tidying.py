"""What a holder does with conversations: close, reopen, put into the bin and out, report, block (M-05, M-07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction

from apps.access import Actor
from apps.audit.services import Line, record
from apps.mss import counters, policies
from apps.mss.models import Correspondent, Message, Thread
from apps.mss.services.closing import queue_closing
from apps.mss.services.reading import ContentNotFoundError, ThreadNotFoundError

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One column of a conversation and what it becomes."""

    action: str
    column: str
    sets: bool


_CLOSE = _Change(action="mss.thread.close", column="closed_at", sets=True)
_REOPEN = _Change(action="mss.thread.reopen", column="closed_at", sets=False)
_BIN = _Change(action="mss.thread.bin", column="binned_at", sets=True)
_RESTORE = _Change(action="mss.thread.restore", column="binned_at", sets=False)


@transaction.atomic
def close_thread(*, actor: Actor, thread_id: UUID, at: datetime) -> Thread:
    """Nothing goes on in it, its professionals are told; twice is once. Raises `ThreadNotFoundError`,
    `AccessDeniedError`.
    """
    thread, is_changed = _change(actor, thread_id, _CLOSE, at)
    if is_changed:
        queue_closing(thread=thread, at=at)
    return thread


@transaction.atomic
def reopen_thread(*, actor: Actor, thread_id: UUID, at: datetime) -> Thread:
    """It can be gone on with; twice is once. Raises `ThreadNotFoundError`, `AccessDeniedError`."""
    return _change(actor, thread_id, _REOPEN, at)[0]


@transaction.atomic
def bin_thread(*, actor: Actor, thread_id: UUID, at: datetime) -> Thread:
    """Into the bin, for thirty days (MSS-37); twice is once and counts from the first time.

    Raises `ThreadNotFoundError`, `AccessDeniedError`.
    """
    return _change(actor, thread_id, _BIN, at)[0]


@transaction.atomic
def restore_thread(*, actor: Actor, thread_id: UUID, at: datetime) -> Thread:
    """Out of the bin; twice is once. Raises `ThreadNotFoundError`, `AccessDeniedError`."""
    return _change(actor, thread_id, _RESTORE, at)[0]


@transaction.atomic
def report_message(*, actor: Actor, message_id: UUID, at: datetime) -> Message:
    """Tell the operators that a received message should not be there; the first time counts (MSS-84).

    They see that it was reported, from which domain, and nothing of what it says (MSS-82). Raises
    `ContentNotFoundError`, `AccessDeniedError`.
    """
    decision = policies.may_manage(actor).required()
    rows = Message.objects.visible_to(actor).filter(direction=Message.Direction.RECEIVED)
    message = rows.select_for_update(of=("self",)).filter(id=message_id).first()
    if message is None:
        raise ContentNotFoundError(message_id)
    if message.reported_at is None:
        message.reported_at = at
        message.save(update_fields=["reported_at"])
        domain = _domain_of(message)
        transaction.on_commit(partial(logger.warning, "mailbox_message_reported", domain=domain))
        facts = {"domain": domain}
        line = Line(action="mss.message.report", target=f"message:{message.id}", decision=decision, facts=facts)
        record(actor=actor, at=at, line=line)
    return message


@transaction.atomic
def block_sender(*, actor: Actor, correspondent_id: UUID, at: datetime) -> Correspondent:
    """Nothing of this box comes in any more, and nothing goes to it; it is not told. Twice is once.

    Raises `ContentNotFoundError`, `AccessDeniedError`.
    """
    return _block(actor, correspondent_id, at, is_blocked=True)


@transaction.atomic
def unblock_sender(*, actor: Actor, correspondent_id: UUID, at: datetime) -> Correspondent:
    """It may write again. Raises `ContentNotFoundError`, `AccessDeniedError`."""
    return _block(actor, correspondent_id, at, is_blocked=False)


def _domain_of(message: Message) -> str:
    if message.correspondent_id is None:
        return ""
    box = Correspondent.objects.get(space_id=message.space_id, id=message.correspondent_id)
    return box.address.rpartition("@")[2]


def _change(actor: Actor, thread_id: UUID, change: _Change, at: datetime) -> tuple[Thread, bool]:
    decision = policies.may_manage(actor).required()
    if actor.space_id is None or not Thread.objects.visible_to(actor).filter(id=thread_id).exists():
        raise ThreadNotFoundError(thread_id)
    thread = counters.locked(space_id=actor.space_id, thread_id=thread_id)
    if thread is None:  # erased meanwhile
        raise ThreadNotFoundError(thread_id)
    if (getattr(thread, change.column) is not None) == change.sets:
        return thread, False
    setattr(thread, change.column, at if change.sets else None)
    thread.save(update_fields=[change.column])
    record(actor=actor, at=at, line=Line(action=change.action, target=f"thread:{thread.id}", decision=decision))
    return thread, True


def _block(actor: Actor, correspondent_id: UUID, at: datetime, *, is_blocked: bool) -> Correspondent:
    decision = policies.may_manage(actor).required()
    rows = Correspondent.objects.visible_to(actor).select_for_update(of=("self",))
    box = rows.filter(id=correspondent_id).first()
    if box is None:
        raise ContentNotFoundError(correspondent_id)
    if (box.blocked_at is not None) != is_blocked:
        box.blocked_at = at if is_blocked else None
        box.save(update_fields=["blocked_at"])
        action = "mss.sender.block" if is_blocked else "mss.sender.unblock"
        record(actor=actor, at=at, line=Line(action=action, target=f"correspondent:{box.id}", decision=decision))
    return box
