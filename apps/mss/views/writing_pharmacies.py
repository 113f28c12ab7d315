"""M-06: a pharmacy that the holder writes to first (MSS-21)."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.directory.boxes import AT_MOST
from apps.mss.forms.pharmacies import PharmacyForm
from apps.mss.policies import may_manage
from apps.mss.services import pharmacies
from apps.spaces.entry import SpaceRequest
from apps.ui import kept as session
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import moment

_NAME = "mss_pharmacy"


@require_http_methods(["GET", "HEAD", "POST"])
def pharmacy_search(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """By name, town or post code; the words stay in the session (SEC-16)."""
    if not may_manage(request.actor):
        raise Http404
    if request.method != "POST":
        token = request.GET.get("recherche", "")
        asked = session.kept(request, name=_NAME, space_id=space_id, token=token) or ""
        return _page(request, PharmacyForm(initial={"text": asked}), asked)
    form = PharmacyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, "", HTTPStatus.UNPROCESSABLE_ENTITY)
    token = session.keep(request, name=_NAME, space_id=space_id, value=form.cleaned_data["text"])
    return redirect(f"{reverse('mss:pharmacy_search', args=[space_id])}?recherche={token}")


@require_POST
def pharmacy_choose(request: SpaceRequest, space_id: UUID, box_id: UUID) -> HttpResponse:
    """Take this pharmacy in among the correspondents, then write to it."""
    if not may_manage(request.actor):
        raise Http404
    try:
        correspondent = pharmacies.choose(actor=request.actor, box_id=box_id, at=timezone.now())
    except pharmacies.PharmacyNotFoundError as error:
        raise Http404 from error
    except pharmacies.TooManyPharmaciesError as error:
        words = _("Many new pharmacies were chosen in this space today. You can choose another one %(moment)s.")
        detail = words % {"moment": moment(error.retry_at)}
        outcome.tell(request, Outcome(title=_("Pharmacy not chosen"), detail=detail, level=messages.WARNING))
        return redirect("mss:pharmacy_search", space_id)
    return redirect("mss:message_new", space_id, correspondent.id)


def _page(request: SpaceRequest, form: PharmacyForm, asked: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    found = pharmacies.find(actor=request.actor, text=asked) if asked else []
    context = {
        "form": form,
        "found": found,
        "searched": bool(asked),
        "is_cut": len(found) == AT_MOST,
        "space": request.space_view,
    }
    return render(request, "mss/pharmacy_search.html", context, status=status)
