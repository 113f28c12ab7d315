"""D-06 for several documents: the list posts the ticked rows, a page asks, the second post acts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.access import AccessDeniedError
from apps.dmp import services
from apps.dmp.filters import Filters, StateChoice
from apps.dmp.forms import MAX_SELECTED, SelectionForm
from apps.dmp.models import Document
from apps.dmp.views.document_list import Asked
from apps.dmp.views.filter_session import keep
from apps.dmp.views.viewers import hiding_effects
from apps.dmp.words import document_name, source_words
from apps.spaces.administrators import disclosure_of
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
def selection_hide(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("dmp:document_list", space_id)
    form = SelectionForm(request.POST)
    if not form.is_valid():
        return nothing_selected(request, space_id)
    document_ids: list[UUID] = form.cleaned_data["document"]
    if len(document_ids) > MAX_SELECTED:
        detail = _("You can hide %(count)s documents at once.") % {"count": MAX_SELECTED}
        return too_many(request, space_id, detail)
    try:
        if "confirmation" in request.POST:
            done = services.hide_documents(actor=request.actor, document_ids=document_ids, at=timezone.now())
            return _done(request, space_id, len(done))
        return _ask(request, services.selected_documents(actor=request.actor, document_ids=document_ids))
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()


def _ask(request: SpaceRequest, documents: list[Document]) -> HttpResponse:
    space = request.space_view
    context = {
        "documents": [(one, document_name(one), source_words(one)) for one in documents],
        "effects": hiding_effects(disclosure_of(space_id=space.space_id, at=timezone.now()), is_own=space.is_own),
    }
    return render(request, "dmp/selection_hide.html", context)


def _done(request: SpaceRequest, space_id: UUID, count: int) -> HttpResponse:
    token = keep(request, space_id, Filters(state=StateChoice.HIDDEN))
    told = Outcome(
        title=ngettext("%(count)s document hidden", "%(count)s documents hidden", count) % {"count": count},
        detail=_("Professionals no longer see them. You can make each of them visible again."),
        link_url=Asked(space_id=space_id, token=token, sort="").url(),
        link_label=_("See the hidden documents"),
    )
    outcome.tell(request, told)
    return redirect("dmp:document_list", space_id)


def nothing_selected(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Back to the list, which says what to do first."""
    told = Outcome(
        title=_("No document selected"), detail=_("Tick at least one document in the list."), level=messages.WARNING
    )
    outcome.tell(request, told)
    return redirect("dmp:document_list", space_id)


def too_many(request: SpaceRequest, space_id: UUID, detail: str) -> HttpResponse:
    """Back to the list, which says how many are possible (SEC-32)."""
    outcome.tell(request, Outcome(title=_("Too many documents"), detail=detail, level=messages.WARNING))
    return redirect("dmp:document_list", space_id)
