"""What a page of writing is about: the place of the draft, who gets it, the draft with its files."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.audit.services import Line, record
from apps.common.ids import uuid7
from apps.files.models import StoredFile
from apps.mss.models import Correspondent, Draft, DraftFile, Thread
from apps.mss.policies import may_write
from apps.mss.services import answerable as asking
from apps.mss.services import drafting
from apps.mss.services.answerable import Answerable, Reply
from apps.mss.services.attachable import room_of
from apps.mss.services.drafting import Place, Seen
from apps.mss.views.writing_seen import seen_boxes
from apps.mss.views.writing_words import CLOSED, FileLine, limit_words, line_of, unread_words
from apps.spaces.entry import SpaceRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The text of a draft, or in words why it cannot be read."""

    text: str = field(default="", repr=False)
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`box` is who gets the message first, None where nobody takes answers; `thread` None for a new conversation;
    `is_fresh`: what the browser has of the draft is what is stored.
    """

    request: SpaceRequest
    answer: Answerable
    thread: Thread | None
    box: Correspondent | None
    draft: Draft | None
    files: tuple[DraftFile, ...] = ()
    is_fresh: bool = False

    @property
    def place(self) -> Place | None:
        if self.box is None:
            return None
        return Place(correspondent_id=self.box.id, thread_id=self.thread.id if self.thread else None)

    @property
    def room(self) -> int:
        """Bytes of files that still fit."""
        return room_of(row.size for row in self.files)

    @property
    def limit(self) -> str:
        return limit_words(self.room)

    @property
    def recipients(self) -> tuple[str, str] | None:
        """Words of the choice between one and all; None where there is nothing to choose (MSS-25)."""
        if self.answer.state is not Reply.REPLY_TO_ALL or self.box is None:
            return None
        one = _("%(name)s only") % {"name": self.box.display_name}
        return one, _("All of them: %(names)s") % {"names": ", ".join(self.names(to_all=True))}

    @property
    def boxes(self) -> str:
        """Who gets the message, for the form: first whom it goes to, then the others of the conversation."""
        ids = [box.id for box in (self.box, *self.answer.boxes) if box is not None]
        return " ".join(str(each) for each in dict.fromkeys(ids))

    def seen_boxes(self, *, to_all: bool) -> frozenset[UUID]:
        """Who gets it as the page said that was sent."""
        ids = seen_boxes(self.request)
        return frozenset(ids if to_all else ids[:1])

    def names(self, *, to_all: bool) -> list[str]:
        """Who gets the message."""
        boxes = self.answer.boxes if to_all else (self.box,)
        return [box.display_name for box in boxes if box is not None]

    def url(self, step: str = "") -> str:
        """Address of the page, of its check (`check`) and of the question before the draft goes (`discard`)."""
        start, row = ("mss:reply", self.thread) if self.thread is not None else ("mss:message", self.box)
        name = f"{start}_{step}" if step else {"mss:message": "mss:message_new"}.get(start, start)
        return reverse(name, args=[self.request.actor.space_id, row.id if row else ""])

    def back_url(self) -> str:
        space_id = self.request.actor.space_id
        if self.thread is not None:
            return reverse("mss:thread_detail", args=[space_id, self.thread.id])
        return reverse("mss:thread_list", args=[space_id])

    def lines(self) -> list[FileLine]:
        """The files in words, by one query."""
        ids = [row.file_id for row in self.files]
        states = dict(StoredFile.objects.filter(id__in=ids).values_list("id", "state")) if ids else {}
        return [line_of(row, states.get(row.file_id, "")) for row in self.files]

    @property
    def shown(self) -> Seen:
        """The draft and its files as they are here."""
        saved_at = self.draft.saved_at if self.draft is not None else None
        return Seen(saved_at=saved_at, file_ids=frozenset(row.id for row in self.files))

    def opened(self) -> Opened:
        """The text of the draft; showing it leaves a line."""
        request, draft = self.request, self.draft
        if draft is None:
            return Opened()
        try:
            text = drafting.text_of(draft)
        except CLOSED as error:
            return Opened(fault=unread_words(error))
        line = Line(action="mss.draft.read", target=f"draft:{draft.id}", decision=self.answer.decision)
        record(actor=request.actor, at=request.actor.at, line=line)
        return Opened(text=text)

    def seen(self) -> str:
        """Which state of the draft the page shows."""
        return self.draft.saved_at.isoformat() if self.draft is not None else ""

    def draft_id(self) -> UUID:
        """That of the draft, else one that the form brings along, so that it is the same when it is sent twice."""
        return self.draft.id if self.draft is not None else uuid7()


def reply_desk(request: SpaceRequest, thread_id: UUID) -> Desk:
    """A conversation of the space. Raises `Http404`: not there, or not for somebody who may only read."""
    thread = Thread.objects.visible_to(request.actor).filter(id=thread_id).first()
    if thread is None:
        raise Http404
    answer = asking.answerable(actor=request.actor, thread=thread)
    if answer.state is Reply.FORBIDDEN:
        raise Http404
    draft = drafting.of_thread(actor=request.actor, thread_id=thread.id)
    wanted = draft.correspondent_id if draft is not None else next(iter(seen_boxes(request)), None)
    box = _box(answer, wanted)
    return _with_files(Desk(request=request, answer=answer, thread=thread, box=box, draft=draft))


def new_desk(request: SpaceRequest, correspondent_id: UUID) -> Desk:
    """A box of the space that gets a new message. Raises `Http404`."""
    box = asking.box_of(actor=request.actor, correspondent_id=correspondent_id)
    if box is None:
        raise Http404
    decision = may_write(request.actor, box)
    answer = (
        Answerable(state=Reply.REPLY, decision=decision, boxes=(box,))
        if decision
        else Answerable(state=Reply.BLOCKED, decision=decision, refused=box)
    )
    draft = drafting.find(actor=request.actor, place=Place(correspondent_id=box.id))
    return _with_files(Desk(request=request, answer=answer, thread=None, box=box, draft=draft))


def renewed(desk: Desk, draft: Draft) -> Desk:
    """The same with this draft, its files and who gets it first, as they are now."""
    box = _box(desk.answer, draft.correspondent_id) if desk.thread is not None else desk.box
    return _with_files(replace(desk, draft=draft, box=box, is_fresh=True))


def _box(answer: Answerable, wanted: UUID | None) -> Correspondent | None:
    """The box that the message was begun for while it may be written to; else the one that wrote last."""
    return next((box for box in answer.boxes if box.id == wanted), answer.box)


def _with_files(desk: Desk) -> Desk:
    if desk.draft is None:
        return desk
    return replace(desk, files=tuple(drafting.files_of(actor=desk.request.actor, draft_id=desk.draft.id)))
