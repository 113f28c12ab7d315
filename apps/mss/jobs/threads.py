"""In which conversation a message belongs: by Message-ID, In-Reply-To and References alone (MSS-30)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from apps.formats.mail.model import ReadMail
from apps.mss.models import Correspondent, Message, Thread

if TYPE_CHECKING:
    from apps.mss.jobs.letters import Letter

_SUBJECT = 500
_MOST_IDS = 100


def thread_of(*, space_id: UUID, letter: Letter, message_id: str, box: Correspondent | None) -> Thread:
    """The conversation that the message goes on with, else a new one that is not written down yet; the caller holds the
    lock of the space.

    The same subject is not enough. A conversation that the holder closed takes nothing any more: what answers it is
    kept, because a result that comes late must not be lost, but begins a conversation of its own (MSS-24, M-05). An end
    without references stands in the last conversation with that box.
    """
    found = _by_ids(_open(space_id), letter.mail, message_id)
    if found is None and letter.is_end_alone and box is not None:
        found = _open(space_id).filter(correspondent_id=box.id).order_by("-received_at", "-id").first()
    rows = Thread.objects.select_for_update(of=("self",)).filter(space_id=space_id, closed_at=None)
    going_on = rows.filter(id=found.thread_id).first() if found is not None else None
    if going_on is not None:  # neither closed nor erased since
        return going_on
    return Thread(space_id=space_id, subject=letter.mail.subject[:_SUBJECT])


def _open(space_id: UUID) -> QuerySet[Message]:
    return Message.objects.filter(space_id=space_id, thread__closed_at=None)


def _by_ids(messages: QuerySet[Message], mail: ReadMail, message_id: str) -> Message | None:
    """The message that this one answers, the nearest first; else one that names the same ones, or that answered it
    before it came.
    """
    named = [each for each in (mail.answers, *reversed(mail.references)) if each][:_MOST_IDS]
    if named:
        places = [When(message_id=each, then=Value(place)) for place, each in enumerate(named)]
        near = Case(*places, output_field=IntegerField())
        found = messages.filter(message_id__in=named).annotate(near=near).order_by("near", "received_at", "id").first()
        if found is not None:
            return found
    ids = [message_id, *named]
    kin = messages.filter(Q(answers__in=ids) | Q(references__overlap=ids))
    return kin.order_by("received_at", "id").first()
