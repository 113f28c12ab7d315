"""Choosing documents of the record for a message; those that are hidden are warned about first (M-03, MSS-57)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.access import AccessDeniedError
from apps.dmp.models import Document
from apps.dmp.services import DocumentNotFoundError
from apps.dmp.words import document_name, source_words
from apps.journeys.services import enclosing
from apps.mss.models import Draft
from apps.mss.services import drafting
from apps.mss.services.attachable import FILES_AT_MOST, FileFault, FileRefusedError
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import file_size

DOCUMENTS_A_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One document that may go along; `is_there`: it does already, `is_ready`: the antivirus has let it through."""

    document: Document
    name: str
    source: str
    size: str
    is_there: bool
    is_ready: bool


@require_http_methods(["GET", "HEAD", "POST"])
def draft_documents(request: SpaceRequest, space_id: UUID, draft_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    draft = enclosing.draft_of(actor=request.actor, draft_id=draft_id)
    if draft is None:
        raise Http404
    if request.method != "POST":
        return _page(request, draft)
    chosen = _chosen(request)
    if not chosen:
        return _page(request, draft, _("Choose a document first."))
    try:
        number = enclosing.enclose(
            actor=request.actor,
            draft_id=draft_id,
            document_ids=chosen,
            is_sure="sur" in request.POST,
            at=timezone.now(),
        )
    except enclosing.HiddenDocumentsError as error:
        return _warning(request, draft, chosen, error.documents)
    except (DocumentNotFoundError, drafting.DraftNotFoundError, AccessDeniedError) as error:
        raise Http404 from error
    except FileRefusedError as error:
        return _page(request, draft, _refusal(error))
    title = ngettext("%(count)s document added", "%(count)s documents added", number) % {"count": number}
    outcome.tell(request, Outcome(title=title, detail=_("It is sent unchanged, with your message.")))
    return redirect(_back(draft))


def _page(request: SpaceRequest, draft: Draft, fault: str = "") -> HttpResponse:
    present = {row.document_id for row in drafting.files_of(actor=request.actor, draft_id=draft.id)}
    rows = enclosing.documents_to_choose(actor=request.actor)
    page = Paginator(rows, DOCUMENTS_A_PAGE).get_page(request.GET.get("page"))
    choices = [
        Choice(
            document=document,
            name=document_name(document),
            source=source_words(document),
            size=file_size(document.size),
            is_there=document.id in present,
            is_ready=document.file.is_readable,
        )
        for document in page
    ]
    context = {"choices": choices, "page": page, "fault": fault, "back": _back(draft), "space": request.space_view}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return render(request, "journeys/draft_documents.html", context, status=status)


def _warning(request: SpaceRequest, draft: Draft, chosen: list[UUID], hidden: list[Document]) -> HttpResponse:
    context = {
        "hidden": [(document.title, document_name(document)) for document in hidden],
        "chosen": chosen,
        "back": _back(draft),
        "space": request.space_view,
    }
    return render(request, "journeys/draft_hidden_documents.html", context)


def _back(draft: Draft) -> str:
    if draft.thread_id is not None:
        return reverse("mss:reply", args=[draft.space_id, draft.thread_id])
    return reverse("mss:message_new", args=[draft.space_id, draft.correspondent_id])


def _refusal(error: FileRefusedError) -> str:
    if error.fault is FileFault.TOO_MANY:
        return _("A message has %(most)s files at most: nothing was added.") % {"most": FILES_AT_MOST}
    words = _("These documents are too large together: %(room)s are left in this message. Nothing was added.")
    return words % {"room": file_size(error.room)}


def _chosen(request: SpaceRequest) -> list[UUID]:
    try:
        return [UUID(text) for text in dict.fromkeys(request.POST.getlist("document"))]
    except ValueError as error:
        raise Http404 from error
