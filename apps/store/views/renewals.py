"""PU-11: begin an amendment or a renewal with what the running dossier says."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.common.ids import uuid7
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy
from apps.store.services import renewing
from apps.store.services.errors import WrongValueError
from apps.store.views.candidacy_acts import begun, unchanged
from apps.store.views.published_services import listing_of

Kind = Candidacy.Kind


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def amendment(request: PublisherRequest, listing_id: UUID) -> HttpResponse:
    """A new purpose, new data, a new host: what is agreed stays until the new dossier is published."""
    return _page(request, listing_id, Kind.AMENDMENT)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: PublisherRequest, listing_id: UUID) -> HttpResponse:
    """Before the agreement ends."""
    return _page(request, listing_id, Kind.RENEWAL)


def _page(request: PublisherRequest, listing_id: UUID, kind: Kind) -> HttpResponse:
    listing, at = listing_of(request, listing_id), request.actor.at
    if request.method != "POST":
        if kind not in renewing.possible(listing, at=at):
            raise Http404
        context = {"listing": listing, "token": uuid7(), "is_renewal": kind == Kind.RENEWAL}
        return render(request, "store/renewal.html", context)
    make = partial(renewing.begin, actor=request.actor, listing_id=listing.pk, kind=kind, at=at)
    title = _("Renewal %(number)s begun") if kind == Kind.RENEWAL else _("Amendment %(number)s begun")
    try:
        return begun(request, make, title=title)
    except WrongValueError as error:
        gone = _("This service leaves the catalogue, or has left it.")
        soon = _("The agreement does not end soon enough for a renewal.")
        unchanged(request, gone if error.field == "listing" else soon)
        return redirect("store:published_service", listing.pk)
