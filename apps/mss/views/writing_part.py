"""The answer below a conversation (M-02): its form, the draft to go on with, or why there is no answer (MSS-25)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.common.ids import uuid7
from apps.mss.forms.writing import LetterForm
from apps.mss.models import Correspondent, Draft, Thread
from apps.mss.services import answerable as asking
from apps.mss.services import drafting
from apps.mss.services.answerable import Answerable, Reply
from apps.mss.views.writing_words import refusal_words
from apps.spaces.entry import SpaceRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPart:
    """What `mss/parts/answer.html` shows; the text of a draft stays closed until somebody goes on with it."""

    to: Answerable
    thread_id: UUID
    draft: Draft | None
    form: LetterForm
    draft_id: UUID
    left: list[Correspondent]
    is_mine: bool

    @property
    def may_be_begun(self) -> bool:
        """An answer may be written, and nobody has begun one."""
        return self.to.may_answer and self.draft is None

    @property
    def refusal(self) -> str:
        return "" if self.to.may_answer else refusal_words(self.to.decision, self.to.box)


def answer_part(request: SpaceRequest, thread: Thread) -> AnswerPart | None:
    """By two queries, two more where the national directory is asked; None for whoever may only read."""
    answer = asking.answerable(actor=request.actor, thread=thread)
    if answer.state is Reply.FORBIDDEN:
        return None
    draft = drafting.of_thread(actor=request.actor, thread_id=thread.id)
    form = LetterForm()
    del form.fields["files"]
    return AnswerPart(
        to=answer,
        thread_id=thread.id,
        draft=draft,
        form=form,
        draft_id=uuid7(),
        left=asking.left_activity(answer.boxes) if answer.may_answer else [],
        is_mine=draft is not None and draft.saved_by_id == request.actor.user_id,
    )
