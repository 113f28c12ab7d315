"""Several documents into a folder (DMP-61): the list posts the ticked rows, a page asks where, the second post acts."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.access import AccessDeniedError
from apps.common.ids import uuid7
from apps.dmp import services
from apps.dmp.filters import Filters
from apps.dmp.folder_forms import NEW, FilingForm
from apps.dmp.forms import MAX_SELECTED, SelectionForm
from apps.dmp.models import Document
from apps.dmp.views.document_list import Asked
from apps.dmp.views.filter_session import keep
from apps.dmp.views.selection import nothing_selected, too_many
from apps.dmp.words import document_name, source_words
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
def selection_file(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("dmp:document_list", space_id)
    selection = SelectionForm(request.POST)
    if not selection.is_valid():
        return nothing_selected(request, space_id)
    document_ids: list[UUID] = list(dict.fromkeys(selection.cleaned_data["document"]))
    if len(selection.cleaned_data["document"]) > MAX_SELECTED:
        return too_many(request, space_id, _("You can file %(count)s documents at once.") % {"count": MAX_SELECTED})
    try:
        if "confirmation" in request.POST:
            return _file(request, space_id, document_ids)
        documents = services.selected_documents(actor=request.actor, document_ids=document_ids)
        return _ask(request, documents, _form(request))
    except (services.DocumentNotFoundError, services.FolderNotFoundError) as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()


def _form(request: SpaceRequest) -> FilingForm:
    folders = services.folders_of(actor=request.actor)
    if "confirmation" in request.POST:
        return FilingForm(request.POST, folders=folders)
    return FilingForm(folders=folders, initial={"token": uuid7(), "folder": "" if folders else NEW})


def _ask(request: SpaceRequest, documents: list[Document], form: FilingForm) -> HttpResponse:
    context = {
        "documents": [(one, document_name(one), source_words(one)) for one in documents],
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "dmp/selection_file.html", context, status=status)


def _file(request: SpaceRequest, space_id: UUID, document_ids: list[UUID]) -> HttpResponse:
    form = _form(request)
    if form.is_valid():
        try:
            return _done(request, space_id, _act(request, form, document_ids), len(document_ids))
        except services.FolderRefusedError as error:
            form.refuse(error.fault)
    documents = services.selected_documents(actor=request.actor, document_ids=document_ids)
    return _ask(request, documents, form)


def _act(request: SpaceRequest, form: FilingForm, document_ids: list[UUID]) -> UUID | None:
    now, actor = timezone.now(), request.actor
    if form.cleaned_data["folder"] == NEW:
        return services.move_to_new_folder(
            actor=actor, document_ids=document_ids, folder_id=form.folder_id(), name=form.cleaned_data["name"], at=now
        )
    services.move_documents(actor=actor, document_ids=document_ids, folder_id=form.chosen(), at=now)
    return form.chosen()


def _done(request: SpaceRequest, space_id: UUID, folder_id: UUID | None, count: int) -> HttpResponse:
    if folder_id is None:
        title = ngettext("%(count)s document is in no folder", "%(count)s documents are in no folder", count)
        told = Outcome(title=title % {"count": count})
    else:
        title = ngettext("%(count)s document filed", "%(count)s documents filed", count)
        token = keep(request, space_id, Filters(folder=str(folder_id)))
        told = Outcome(
            title=title % {"count": count},
            detail=_("The list of all documents shows what is in folders too."),
            link_url=Asked(space_id=space_id, token=token, sort="").url(),
            link_label=_("See the folder"),
        )
    outcome.tell(request, told)
    return redirect("dmp:document_list", space_id)
