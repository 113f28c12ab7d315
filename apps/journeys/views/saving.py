"""« Enregistrer dans mes documents » (M-04, MSS-54, MSS-55): GET asks, POST acts; twice is once."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.access import AccessDeniedError
from apps.common.dates import PARIS, PartialDate
from apps.dmp.models import Document
from apps.journeys.forms import HIDDEN, VISIBLE, AttachmentForm
from apps.journeys.saving_words import fault_words
from apps.journeys.services import saving
from apps.journeys.services.saving import Savable
from apps.mss.models import Message
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_save(request: SpaceRequest, space_id: UUID, attachment_id: UUID) -> HttpResponse:
    try:
        wanted = saving.savable(actor=request.actor, attachment_id=attachment_id)
    except (saving.AttachmentNotFoundError, AccessDeniedError) as error:
        raise Http404 from error
    message = Message.objects.visible_to(request.actor).get(id=wanted.attachment.message_id)
    form = _form(request, wanted, message)
    refusal = fault_words(wanted.fault) if wanted.fault else ""
    if request.method == "POST" and not refusal and (wanted.document is not None or form.is_valid()):
        answers = form.answers() if wanted.document is None else saving.Answers(hidden=wanted.is_hidden)
        try:
            document = saving.save_attachment(
                actor=request.actor, attachment_id=attachment_id, answers=answers, at=timezone.now()
            )
        except saving.SaveRefusedError as error:
            refusal = fault_words(error.fault, error.refusal)
        else:
            return _told(request, space_id, document, was_there=wanted.document is not None)
    return _page(request, wanted, message, form, refusal)


def _page(request: SpaceRequest, wanted: Savable, message: Message, form: AttachmentForm, refusal: str) -> HttpResponse:
    context = {
        "wanted": wanted,
        "attachment": wanted.attachment,
        "document": wanted.document,
        "is_gone": wanted.document is not None and wanted.document.availability == Document.Availability.DELETED,
        "dated": _written(wanted.attachment.dated),
        "thread_id": message.thread_id,
        "form": form,
        "refusal": refusal,
        "space": request.space_view,
    }
    return render(request, "journeys/attachment_save.html", context)


def _form(request: SpaceRequest, wanted: Savable, message: Message) -> AttachmentForm:
    attachment = wanted.attachment
    initial = {
        "title": (attachment.title or attachment.name.rpartition(".")[0] or attachment.name)[:50].strip(),
        "dated": message.received_at.astimezone(PARIS).date(),
        "visibility": HIDDEN if wanted.is_hidden else VISIBLE,
    }
    today = timezone.now().astimezone(PARIS).date()
    data = request.POST if request.method == "POST" and wanted.document is None else None
    return AttachmentForm(data, initial=initial, today=today, is_clinical=wanted.is_clinical)


def _written(value: str) -> PartialDate | None:
    day = value.partition("T")[0]
    return PartialDate.parse(day) if day else None


def _told(request: SpaceRequest, space_id: UUID, document: Document, *, was_there: bool) -> HttpResponse:
    title = _("Already in your documents") if was_there else _("Saved in your documents")
    detail = (
        _("Nothing was added a second time.")
        if was_there
        else _("Hidden from professionals.")
        if document.is_hidden
        else _("Professionals who have access to the space can read it, according to their profession.")
    )
    link = reverse("dmp:document_hide", args=[space_id, document.id])
    told = Outcome(title=title, detail=detail)
    if not was_there and not document.is_hidden:
        told = Outcome(title=title, detail=detail, link_url=link, link_label=_("Hide it from professionals"))
    outcome.tell(request, told)
    return redirect("dmp:document_detail", space_id, document.id)
