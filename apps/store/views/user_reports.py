"""ST-06: report a problem with a service, without an account or in a space; what came of one's own reports."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.access import Actor, Role
from apps.common import limits
from apps.common.addresses import client_address
from apps.spaces.entry import SpaceRequest
from apps.spaces.guards import deciders_only
from apps.store.forms.reports import ReportForm
from apps.store.models import Listing
from apps.store.services import user_reports
from apps.store.services.errors import WrongValueError
from apps.store.views.catalogue_place import Place
from apps.store.views.service_page import listing_of
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import day

METHODS = ["GET", "HEAD", "POST"]
A_PAGE = 20


@require_http_methods(METHODS)
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Without an account: we do not know who reports, and cannot answer."""
    actor = Actor(role=Role.NOBODY, at=timezone.now())
    return _page(request, listing_of(slug), Place(), actor)


@deciders_only
@require_http_methods(METHODS)
def space_report(request: SpaceRequest, space_id: UUID, slug: str) -> HttpResponse:
    """In a space: the answer comes there, the publisher never learns who reported."""
    return _page(request, listing_of(slug), Place(space_id=space_id), request.actor)


@deciders_only
@require_safe
def space_reports(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """One's own reports with their answers."""
    page = Paginator(user_reports.own(request.actor), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "catalogue_url": Place(space_id=space_id).catalogue_url}
    return render(request, "store/own_reports.html", context)


def _page(request: HttpRequest, listing: Listing, place: Place, actor: Actor) -> HttpResponse:
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        verdict = limits.allow(**_key(request, actor), at=actor.at)
        if not verdict.allowed:
            return limits.refusal(verdict=verdict, at=actor.at)
        if _taken(request, listing, form, actor):
            return redirect(place.service_url(listing.service.slug))
    context = {
        "form": form, "listing": listing, "place": place, "catalogue_url": place.catalogue_url,
        "service_url": place.service_url(listing.service.slug),
    }  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "store/report_new.html", context, status=status)


def _taken(request: HttpRequest, listing: Listing, form: ReportForm, actor: Actor) -> bool:
    try:
        made = user_reports.report(actor=actor, slug=listing.service.slug, problem=form.problem(), at=actor.at)
    except WrongValueError:
        form.add_error("text", _("Take the health-insurance number out of the text: we do not need it."))
        return False
    values = {"number": made.number, "day": day(made.due_at)}
    told = Outcome(
        title=_("Report %(number)s received") % values,
        detail=_("Keep this number. We look at it by %(day)s.") % values,
    )
    outcome.tell(request, told)
    return True


def _key(request: HttpRequest, actor: Actor) -> dict[str, str]:
    if actor.user_id is not None:
        return {"act": "report_account", "key": str(actor.user_id)}
    return {"act": "report_address", "key": client_address(request)}
