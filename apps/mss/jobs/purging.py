"""Conversations leave the bin for good after thirty days (MSS-37): rows, texts, files and search words of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.access import SYSTEM
from apps.audit.services import Fact, Line, record
from apps.common.failpoints import reach
from apps.files import services as files
from apps.mss.models import Attachment, Draft, DraftFile, Message, OutgoingMail, Thread

KEPT = timedelta(days=30)
AT_MOST = 500
ACTOR = "mss.purge"
_PENDING = (OutgoingMail.State.WAITING, OutgoingMail.State.SENDING, OutgoingMail.State.UNCERTAIN)


def purge_bin(*, at: datetime, at_most: int = AT_MOST) -> int:
    """Erase what has been in the bin for thirty days, oldest first; returns the number of conversations."""
    due = Thread.objects.filter(binned_at__lte=at - KEPT).order_by("binned_at", "id")
    keys = list(due.values_list("space_id", "id")[:at_most])
    return sum(_erase(space_id, thread_id, at) for space_id, thread_id in keys)


@transaction.atomic
def _erase(space_id: UUID, thread_id: UUID, at: datetime) -> bool:
    """One conversation, unless it was brought back; one with mail on its way waits until that is over."""
    rows = Thread.objects.select_for_update(of=("self",))
    thread = rows.filter(space_id=space_id, id=thread_id, binned_at__lte=at - KEPT).first()
    if thread is None:
        return False
    messages = list(Message.objects.filter(space_id=space_id, thread_id=thread_id).order_by("id"))
    ids = [message.id for message in messages]
    about = Q(message_id__in=ids) | Q(about_id__in=[*ids, thread_id])
    mails = OutgoingMail.objects.filter(about, space_id=space_id)
    if mails.filter(state__in=_PENDING).exists():
        return False
    mails.delete()
    count = _discard(space_id, thread_id, messages, at)
    Attachment.objects.filter(space_id=space_id, message_id__in=ids).delete()
    DraftFile.objects.filter(space_id=space_id, draft__thread_id=thread_id).delete()
    Draft.objects.filter(space_id=space_id, thread_id=thread_id).delete()
    Message.objects.filter(space_id=space_id, id__in=ids).delete()
    thread.delete()
    facts: dict[str, Fact] = {"messages": len(ids), "files": count}
    line = Line(action="mss.thread.erase", target=f"thread:{thread_id}", scope_id=space_id, actor_id=ACTOR, facts=facts)
    record(actor=SYSTEM, at=at, line=line)
    reach("mss.purge.before_commit")
    return True


def _discard(space_id: UUID, thread_id: UUID, messages: list[Message], at: datetime) -> int:
    """Files of the conversation alone: a document of the record that was sent with it lies in the record (MSS-37)."""
    ids = [message.id for message in messages]
    sent = [message.id for message in messages if message.direction == Message.Direction.SENT]
    mine = Attachment.objects.filter(space_id=space_id, message_id__in=ids).exclude(
        message_id__in=sent, document_id__isnull=False
    )
    begun = DraftFile.objects.filter(space_id=space_id, draft__thread_id=thread_id, document_id=None)
    pairs = [(message.vault_id, message.file_id) for message in messages]
    pairs += list(mine.order_by("id").values_list("vault_id", "file_id"))
    pairs += list(begun.order_by("id").values_list("vault_id", "file_id"))
    gone = [files.discard(vault_id=vault, file_id=file, at=at) for vault, file in pairs if vault and file]
    return sum(gone)
