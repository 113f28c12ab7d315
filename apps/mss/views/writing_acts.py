"""What the buttons of a page of writing do. Whatever they do, the text is kept first (pages.md: nothing is lost)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.access import AccessDeniedError
from apps.common.ids import uuid7
from apps.mss.forms.writing import ALL, ONE, LetterForm
from apps.mss.models import Draft, Message
from apps.mss.services import answerable as asking
from apps.mss.services import answering, drafting
from apps.mss.services.attachable import FileRefusedError, Upload
from apps.mss.services.drafting import AlreadySentError, DraftChangedError, DraftNotFoundError, Seen, Words
from apps.mss.views import writing_words as words
from apps.mss.views.writing_desk import Desk, Opened, renewed
from apps.mss.views.writing_seen import posted_draft, seen_at, uuid_of
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import moment

SAVE, AUTO, ADD, SEND, REMOVE = "garder", "auto", "ajouter", "envoyer", "retirer:"
MORE, DOCUMENTS = "suite", "documents"  # both need a draft, were it empty
_FAULTS = (
    AccessDeniedError, answering.EmptyMessageError, answering.UnsafeFileError, answering.MessageTooLargeError,
    answering.TooManyMessagesError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What the page says beside the form; `other` is a text that was saved since by somebody else, or elsewhere."""

    other: str = ""
    other_by: str = ""


def form_of(desk: Desk, text: str | None = None) -> LetterForm:
    """The form, filled with what was sent, else with the draft and its `text`."""
    request = desk.request
    if text is None:
        made = partial(LetterForm, request.POST, request.FILES)
    else:
        subject = desk.draft.subject if desk.draft is not None else ""
        to = ALL if request.GET.get("a") == ALL else ONE
        made = partial(LetterForm, initial={"to": to, "text": text, "subject": subject})
    return made(recipients=desk.recipients, has_subject=desk.thread is None)


def page(desk: Desk, form: LetterForm | None = None, notes: Notes | None = None) -> HttpResponse:
    """The page of writing; with a form that was sent, 422. A draft that cannot be read is not written over."""
    request = desk.request
    opened = desk.opened() if form is None else Opened()
    begun = opened.text if desk.draft is not None else words.canned_text(request.GET.get(words.CANNED, ""))
    shown = form or form_of(desk, begun)
    shown.say_limit(desk.limit)  # as it is after what was just added
    context = {
        "form": shown,
        "desk": desk,
        "draft_id": desk.draft_id() if form is None or desk.is_fresh else _form_id(request),
        "seen": _seen_now(desk, has_form=form is not None, is_closed=bool(opened.fault)),
        "unread": opened.fault,
        "lines": desk.lines(),
        "left": asking.left_activity(desk.answer.boxes),
        "refusal": "" if desk.answer.may_answer else words.refusal_words(desk.answer.decision, desk.box),
        "notes": notes or Notes(),
        "is_mine": desk.draft is not None and desk.draft.saved_by_id == request.actor.user_id,
        "space": request.space_view,
    }
    status = HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "mss/writing.html", context, status=status)


def act(desk: Desk) -> HttpResponse:
    """One of the buttons was used."""
    request, form = desk.request, form_of(desk)
    if not form.is_valid():
        return page(desk, form)
    try:
        return _acted(desk, form)
    except AlreadySentError as error:
        return sent(request, error.message)
    except DraftChangedError as error:
        return _changed(desk, error.draft, form)
    except words.CLOSED as error:
        form.add_error(None, words.unsaved_words(error))
        return page(desk, form)
    except DraftNotFoundError as error:
        message = drafting.sent_from(actor=request.actor, draft_id=_form_id(request))
        if message is None:
            raise Http404 from error
        return sent(request, message)


def send_draft(desk: Desk, draft_id: UUID, *, to_all: bool, seen: Seen) -> HttpResponse | str:
    """Send it: the answer, or in words why it stays where it is. Raises `DraftChangedError`: not what was `seen`."""
    request = desk.request
    try:
        seen = replace(seen, box_ids=desk.seen_boxes(to_all=to_all))
        message = answering.send(actor=request.actor, draft_id=draft_id, to_all=to_all, at=timezone.now(), seen=seen)
    except answering.DraftMissingError:
        gone = _("Nothing was sent: this draft was deleted, or sent by somebody else.")
        outcome.tell(request, Outcome(title=_("Draft not found"), detail=gone))
        return redirect(desk.back_url())
    except answering.ReceiversChangedError:
        return words.receivers_words()
    except _FAULTS as error:
        return _fault_words(desk, error)
    except words.CLOSED as error:
        return words.unsent_words(error)
    return sent(request, message)


def sent(request: SpaceRequest, message: Message) -> HttpResponse:
    """The same confirmation, however often the form is sent."""
    detail = _("It leaves in a moment. Its state stands beside it in the conversation.")
    outcome.tell(request, Outcome(title=_("Message sent"), detail=detail))
    return redirect("mss:thread_detail", message.space_id, message.thread_id)


def _kept(desk: Desk, form: LetterForm) -> Draft | None:
    """The draft with what stands in the form; None where nothing was written and nothing is to be added."""
    request, place = desk.request, desk.place
    written = form.cleaned_data
    is_empty = not (written["text"].strip() or written.get("subject") or written["files"])
    if place is None or (is_empty and desk.draft is None and _act(request) not in {MORE, DOCUMENTS}):
        return None
    draft_id = _form_id(request)
    content = Words(
        draft_id=draft_id, text=written["text"], subject=written.get("subject", ""), seen_at=seen_at(request)
    )
    return drafting.save(actor=request.actor, place=place, words=content, at=timezone.now())


def _acted(desk: Desk, form: LetterForm) -> HttpResponse:
    request, draft = desk.request, _kept(desk, form)
    if draft is not None:
        desk = renewed(desk, draft)
        _change_files(desk, draft, form)
        desk = renewed(desk, draft)
    elif not _act(request):
        form.add_error("files", words.lost_words())
    if _act(request) == SEND:
        form.ask_for_what_is_missing()
    if form.errors or (_act(request) == SEND and not desk.answer.may_answer):
        return page(desk, form)
    return _onward(desk, form)


def _change_files(desk: Desk, draft: Draft, form: LetterForm) -> None:
    """Add what was chosen, take out what was asked for; the form says what was not added."""
    request, given = desk.request, form.cleaned_data["files"]
    for file in given:
        upload = Upload(name=file.name or "", data=file.read())
        try:
            drafting.add_file(actor=request.actor, draft_id=draft.id, upload=upload, at=timezone.now())
        except FileRefusedError as error:
            form.add_error("files", words.file_refusal_words(upload.name, error))
        except words.AWAY:
            form.add_error("files", words.away_words())
    row_id = uuid_of(_act(request).removeprefix(REMOVE))
    if row_id is not None:
        drafting.remove_file(actor=request.actor, draft_id=draft.id, row_id=row_id, at=timezone.now())
    elif not _act(request):
        form.add_error("files", words.lost_words())
    elif _act(request) == ADD and not given:
        form.add_error("files", _("Choose a file first."))


def _onward(desk: Desk, form: LetterForm) -> HttpResponse:
    """Where the button leads once everything is kept."""
    request, chosen = desk.request, f"?a={ALL}" if form.to_all else ""
    if _act(request) == SEND:
        return redirect(desk.url("check") + chosen) if desk.files else _sent_or_told(desk, form)
    if _act(request) == AUTO:
        return _kept_alone(desk)
    if _act(request) == DOCUMENTS and desk.draft is not None:
        return redirect("journeys:draft_documents", desk.draft.space_id, desk.draft.id)
    if desk.draft is not None and _act(request) != MORE:
        outcome.tell(request, _kept_words(desk))
    return redirect(desk.url() + chosen)


def _kept_alone(desk: Desk) -> HttpResponse:
    """For the script of the page, which saves while somebody writes; 204 where nothing was written yet."""
    draft = desk.draft
    if draft is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    said = _("Draft saved %(moment)s.") % {"moment": moment(draft.saved_at)}
    return JsonResponse({"draft": str(draft.id), "seen": desk.seen(), "said": said})


def _kept_words(desk: Desk) -> Outcome:
    """What a button has done that leads back to the same page."""
    button = _act(desk.request)
    if button == ADD:
        return Outcome(title=_("Files added"), detail=_("Your draft is saved with them."))
    if button.startswith(REMOVE):
        return Outcome(title=_("File taken out"), detail=_("Your draft is saved without it."))
    where = _("You find it in this conversation.") if desk.thread else _("You find it on the page « New message ».")
    return Outcome(title=_("Draft saved"), detail=where)


def _sent_or_told(desk: Desk, form: LetterForm) -> HttpResponse:
    draft_id = desk.draft.id if desk.draft is not None else uuid7()
    answer = send_draft(desk, draft_id, to_all=form.to_all, seen=desk.shown)
    if isinstance(answer, HttpResponse):
        return answer
    form.add_error(None, answer)
    return page(desk, form)


def _changed(desk: Desk, draft: Draft, form: LetterForm) -> HttpResponse:
    """Both texts are shown; nothing is saved until somebody chose. What cannot be shown is not written over."""
    fresh = renewed(desk, draft)
    opened = fresh.opened()
    if opened.fault:
        form.add_error(None, opened.fault)
        return page(desk, form)
    form.add_error(
        None, _("Another text was saved in the meantime. Yours is below: saving it takes the other's place.")
    )
    return page(fresh, form, Notes(other=opened.text, other_by=moment(draft.saved_at)))


def _fault_words(desk: Desk, error: Exception) -> str:
    match error:
        case AccessDeniedError():
            return words.refusal_words(error.decision, desk.box)
        case answering.EmptyMessageError(missing="subject"):
            return _("Write a subject.")
        case answering.EmptyMessageError():
            return _("Write your message.")
        case answering.UnsafeFileError():
            return _("The message was not sent: one of its files was refused by the antivirus. Take it out.")
        case answering.TooManyMessagesError():
            return words.late_words(error.retry_at)
        case _:
            return _("The message was not sent: its files are too large together. Take one out.")


def _act(request: SpaceRequest) -> str:
    return str(request.POST.get("act", ""))


def _form_id(request: SpaceRequest) -> UUID:
    return posted_draft(request) or uuid7()


def _seen_now(desk: Desk, *, has_form: bool, is_closed: bool) -> str:
    """What the page shows of the draft: of one that cannot be read, nothing."""
    if is_closed:
        return ""
    return desk.request.POST.get("seen", "") if has_form and not desk.is_fresh else desk.seen()
