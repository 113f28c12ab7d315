"""ST-02, P-05: everything that stands on the page of a service, and the grid of criteria that was made public."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.access import Actor, Role
from apps.files.gateways.base import StoreUnavailableError
from apps.files.services import FileGoneError
from apps.formats.media import JPEG
from apps.spaces.entry import SpaceRequest
from apps.store.models import Listing
from apps.store.services import catalogue, showing
from apps.store.services.errors import UnknownRowError
from apps.store.views import service_words
from apps.store.views.catalogue_lines import initials_of, logo_of, screenshots_of
from apps.store.views.catalogue_place import Place
from apps.ui.middleware import indexable

_OF_PICTURES = {"Content-Disposition": "inline", "Cache-Control": "public, max-age=604800, immutable"}


@require_safe
@indexable
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """The page for anybody; one that has left the catalogue keeps it, with its dates."""
    return _page(request, listing_of(slug), Place())


@require_safe
def space_service(request: SpaceRequest, space_id: UUID, slug: str) -> HttpResponse:
    """The same in a space. Nothing of it depends on the space: no trace."""
    return _page(request, listing_of(slug), Place(space_id=space_id))


@require_safe
@indexable
def service_grid(request: HttpRequest, slug: str) -> HttpResponse:
    """Criteria that apply, with verdict and date; what was said to the publisher stays with the publisher."""
    listing = listing_of(slug)
    grid = catalogue.grid_of(listing.candidacy)
    context = {
        "listing": listing,
        "grid": grid,
        "families": service_words.families_of(grid),
        "summary": service_words.summary_of(grid),
        "service_url": Place().service_url(slug),
        "catalogue_url": Place().catalogue_url,
    }
    return render(request, "store/service_grid.html", context)


@require_safe
def service_picture(_request: HttpRequest, slug: str, picture_id: UUID) -> HttpResponse:
    """A logo or a screenshot as we drew it; browsers may keep it, for another one has another address."""
    try:
        data = showing.picture_bytes(listing_of(slug), picture_id=picture_id)
    except UnknownRowError as error:
        raise Http404 from error
    except (FileGoneError, StoreUnavailableError):
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    return HttpResponse(data, content_type=JPEG, headers=_OF_PICTURES)


def listing_of(slug: str) -> Listing:
    """404 for a service that never was in the catalogue."""
    try:
        return catalogue.service_named(slug)
    except UnknownRowError as error:
        raise Http404 from error


def _page(request: HttpRequest, listing: Listing, place: Place) -> HttpResponse:
    sheet, grid = catalogue.sheet_of(listing), catalogue.grid_of(listing.candidacy)
    context = {
        "listing": listing,
        "sheet": sheet,
        "place": place,
        "initials": initials_of(listing.service.name),
        "logo": logo_of(listing, place),
        "screenshots": screenshots_of(listing, place),
        "states": service_words.states_of(listing, catalogue.suspension_of(listing)),
        "is_usable": service_words.is_usable(listing),
        "summary": service_words.summary_of(grid),
        "pairs": service_words.pairs_of(listing, sheet, grid),
        "links": service_words.links_of(sheet),
        "tables": service_words.exchanges_of(listing),
        "catalogue_url": place.catalogue_url,
        "report_url": _report_place(request, place).report_url(listing.service.slug),
    }
    return render(request, "store/service.html", context)


def _report_place(request: HttpRequest, place: Place) -> Place:
    """A delegate reports as anybody does: in the space those do who decide in it."""
    actor: Actor | None = getattr(request, "actor", None)
    return Place() if place.is_space and actor is not None and actor.role is Role.DELEGATE else place
