"""Folders of documents (DMP-61): the list with its form, renaming, deleting."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.access import AccessDeniedError
from apps.common.ids import uuid7
from apps.dmp import services
from apps.dmp.folder_forms import FolderForm
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_safe
def folder_list(request: SpaceRequest, space_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    return _list(request, FolderForm(initial={"token": uuid7()}))


@require_http_methods(["GET", "HEAD", "POST"])
def folder_create(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """The form stands on the list: that is where a reload of a refused one leads."""
    if request.method != "POST":
        return redirect("dmp:folder_list", space_id)
    form = FolderForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    try:
        services.create_folder(
            actor=request.actor, folder_id=form.folder_id(), name=form.cleaned_data["name"], at=timezone.now()
        )
    except services.FolderRefusedError as error:
        form.refuse(error.fault)
        return _list(request, form)
    except AccessDeniedError:
        return HttpResponseForbidden()
    detail = _("To put documents into it, tick them in the list of documents and choose “File”.")
    outcome.tell(request, Outcome(title=_("Folder made"), detail=detail))
    return redirect("dmp:folder_list", space_id)


@require_http_methods(["GET", "HEAD", "POST"])
def folder_rename(request: SpaceRequest, space_id: UUID, folder_id: UUID) -> HttpResponse:
    try:
        found = services.counted_folder(actor=request.actor, folder_id=folder_id)
    except services.FolderNotFoundError as error:
        raise Http404 from error
    form = FolderForm(request.POST if request.method == "POST" else None, initial={"name": found.folder.name})
    if not form.is_valid():
        return _rename(request, found, form)
    try:
        services.rename_folder(
            actor=request.actor, folder_id=folder_id, name=form.cleaned_data["name"], at=timezone.now()
        )
    except services.FolderRefusedError as error:
        form.refuse(error.fault)
        return _rename(request, found, form)
    except services.FolderNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()
    outcome.tell(request, Outcome(title=_("Folder renamed")))
    return redirect("dmp:folder_list", space_id)


@require_http_methods(["GET", "HEAD", "POST"])
def folder_delete(request: SpaceRequest, space_id: UUID, folder_id: UUID) -> HttpResponse:
    try:
        if request.method != "POST":
            found = services.counted_folder(actor=request.actor, folder_id=folder_id)
            return render(request, "dmp/folder_delete.html", {"found": found})
        services.delete_folder(actor=request.actor, folder_id=folder_id, at=timezone.now())
    except services.FolderNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()
    outcome.tell(request, Outcome(title=_("Folder deleted"), detail=_("Its documents are still in the list.")))
    return redirect("dmp:folder_list", space_id)


def _list(request: SpaceRequest, form: FolderForm) -> HttpResponse:
    context = {"form": form, "folders": services.counted_folders(actor=request.actor)}
    return render(request, "dmp/folder_list.html", context, status=_status(form))


def _rename(request: SpaceRequest, found: services.CountedFolder, form: FolderForm) -> HttpResponse:
    return render(request, "dmp/folder_rename.html", {"found": found, "form": form}, status=_status(form))


def _status(form: FolderForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
