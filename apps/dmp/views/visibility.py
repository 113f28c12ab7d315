"""D-06: hide one document from professionals, show it again. GET asks, POST acts; both acts can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.access import AccessDeniedError
from apps.audit.services import readers_count
from apps.dmp import services
from apps.dmp.models import Document
from apps.dmp.views.viewers import hiding_effects
from apps.dmp.words import document_name
from apps.spaces.administrators import disclosure_of
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """One of the two acts: the service, its page and what is told afterwards."""

    do: Callable[..., Document]
    template: str
    undo_name: str


_HIDE = _Act(do=services.hide_document, template="dmp/document_hide.html", undo_name="dmp:document_unhide")
_UNHIDE = _Act(do=services.unhide_document, template="dmp/document_unhide.html", undo_name="dmp:document_hide")


@require_http_methods(["GET", "HEAD", "POST"])
def document_hide(request: SpaceRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, document_id, _HIDE)
    told = (_("Document hidden"), _("Professionals no longer see it."))
    return _do(request, (space_id, document_id), _HIDE, told)


@require_http_methods(["GET", "HEAD", "POST"])
def document_unhide(request: SpaceRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, document_id, _UNHIDE)
    told = (
        _("Document visible"),
        _("Professionals who have access to the space can read it, according to their profession."),
    )
    return _do(request, (space_id, document_id), _UNHIDE, told)


def _ask(request: SpaceRequest, document_id: UUID, act: _Act) -> HttpResponse:
    now = timezone.now()
    try:
        document = services.document_of(actor=request.actor, document_id=document_id)
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    disclosure = disclosure_of(space_id=document.space_id, at=now)
    context = {
        "document": document,
        "name": document_name(document),
        "effects": hiding_effects(disclosure, is_own=request.space_view.is_own),
        "readers": readers_count(scope_id=document.space_id, target=f"document:{document.id}"),
    }
    return render(request, act.template, context)


def _do(request: SpaceRequest, key: tuple[UUID, UUID], act: _Act, told: tuple[str, str]) -> HttpResponse:
    try:
        act.do(actor=request.actor, document_id=key[1], at=timezone.now())
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()
    undo = reverse(act.undo_name, args=key)
    outcome.tell(request, Outcome(title=told[0], detail=told[1], link_url=undo, link_label=_("Undo")))
    return redirect("dmp:document_detail", *key)
