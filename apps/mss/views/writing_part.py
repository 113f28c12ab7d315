"""The answer below a conversation (M-02): its form, the draft to go on with, or why there is no answer (MSS-25)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.common.ids import uuid7
from apps.mss.forms.writing import LetterForm
from apps.mss.models import Correspondent, Draft, Thread
from apps.mss.services import answerable as asking
from apps.mss.services.answerable import Reply
from apps.mss.views.writing_words import refusal_words
from apps.spaces.entry import SpaceRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPart:
    """What `mss/parts/answer.html` shows; the text of a draft stays closed until somebody goes on with it."""

    state: Reply
    thread_id: UUID
    box: Correspondent | None
    refusal: str
    draft: Draft | None
    form: LetterForm
    draft_id: UUID
    others: int
    is_mine: bool

    @property
    def may_answer(self) -> bool:
        return self.state in {Reply.REPLY, Reply.REPLY_TO_ALL}


def answer_part(request: SpaceRequest, thread: Thread) -> AnswerPart | None:
    """By two queries; None for whoever may only read."""
    answer = asking.answerable(actor=request.actor, thread=thread)
    if answer.state is Reply.FORBIDDEN:
        return None
    draft = Draft.objects.visible_to(request.actor).filter(thread_id=thread.id).first()
    box = answer.first or answer.refused
    form = LetterForm()
    del form.fields["files"]
    return AnswerPart(
        state=answer.state,
        thread_id=thread.id,
        box=box,
        refusal="" if answer.may_answer else refusal_words(answer.decision, box),
        draft=draft,
        form=form,
        draft_id=uuid7(),
        others=max(len(answer.boxes) - 1, 0),
        is_mine=draft is not None and draft.saved_by_id == request.actor.user_id,
    )
