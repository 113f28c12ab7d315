"""P-05, ST-01: find a referenced service, without an account or in a space."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from apps.spaces.entry import SpaceRequest
from apps.store.forms.catalogue import CatalogueForm, wish_of
from apps.store.models import Listing
from apps.store.services import catalogue as services
from apps.store.views.catalogue_lines import card_of
from apps.store.views.catalogue_place import Place
from apps.ui import kept
from apps.ui.components import ActiveFilter, FilterPanel, SearchBar
from apps.ui.middleware import indexable

A_PAGE = 12
_KEPT = "store_catalogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for. In a space `token` stands for it: a need may say an illness, and addresses say none."""

    place: Place
    values: dict[str, str] = field(default_factory=dict)
    sort: str = ""
    token: str = ""

    def url(self, *, without: str = "", sort: str | None = None) -> str:
        """Address of the same list without one filter, or in another order."""
        wanted = {"tri": self.sort if sort is None else sort}
        if self.place.is_space:
            wanted |= {"filtre": self.token, "sans": without}
        else:
            wanted |= {name: value for name, value in self.values.items() if name != without}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return self.place.catalogue_url + (f"?{query}" if query else "")


@require_safe
@indexable
def catalogue(request: HttpRequest) -> HttpResponse:
    """What is asked for stands in the address: nobody is known here, and a list may be handed on."""
    form = CatalogueForm(request.GET)
    asked = Asked(place=Place(), values=form.values(), sort=_sort(request))
    return _page(request, asked, form)


@require_http_methods(["GET", "HEAD", "POST"])
def space_catalogue(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """What is asked for stays in the session (SEC-16)."""
    place, sort = Place(space_id=space_id), _sort(request)
    if request.method == "POST":
        form = CatalogueForm(request.POST)
        if form.is_valid():
            return redirect(_keep(request, place, form.values(), sort).url())
        return _page(request, Asked(place=place, values=form.values(), sort=sort), form)
    token = request.GET.get("filtre", "")
    values = kept.kept(request, name=_KEPT, space_id=space_id, token=token) or {}
    if (removed := request.GET.get("sans", "")) in values:
        left = {name: value for name, value in values.items() if name != removed}
        return redirect(_keep(request, place, left, sort).url())
    form = CatalogueForm(values)
    return _page(request, Asked(place=place, values=form.values(), sort=sort, token=token if values else ""), form)


def _keep(request: SpaceRequest, place: Place, values: dict[str, str], sort: str) -> Asked:
    token = ""
    if values and place.space_id is not None:
        token = kept.keep(request, name=_KEPT, space_id=place.space_id, value=values)
    return Asked(place=place, values=values, sort=sort, token=token)


def _sort(request: HttpRequest) -> str:
    return services.BY_DATE if request.GET.get("tri") == services.BY_DATE else ""


def _page(request: HttpRequest, asked: Asked, form: CatalogueForm) -> HttpResponse:
    rows = services.find(wish_of(asked.values, sort=asked.sort))
    page: Page[Listing] = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "place": asked.place,
        "panel": _panel(asked, form),
        "count": _count(asked, page.paginator.count),
        "other_sort_url": asked.url(sort="" if asked.sort else services.BY_DATE),
        "by_date": bool(asked.sort),
        "cards": [card_of(listing, asked.place) for listing in page.object_list],
        "page": page,
        "active": [active.label for active in _active(asked, form)],
        "all_url": asked.place.catalogue_url,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "store/catalogue.html", context, status=status)


def _panel(asked: Asked, form: CatalogueForm) -> FilterPanel:
    is_space = asked.place.is_space
    action = asked.place.catalogue_url
    if is_space and asked.sort:
        action += f"?tri={asked.sort}"
    return FilterPanel(
        form=form,
        action=action,
        name=_("Referenced services"),
        method="post" if is_space else "get",
        search=SearchBar(
            name="q", label=_("Search for a service"), placeholder=_("Name, publisher or need"),
            value=str(form["q"].value() or ""),
        ),
        active=_active(asked, form),
        hidden=(("tri", asked.sort),) if asked.sort and not is_space else (),
    )  # fmt: skip


def _active(asked: Asked, form: CatalogueForm) -> tuple[ActiveFilter, ...]:
    return tuple(
        ActiveFilter(label=form.label_of(name, value), without_url=asked.url(without=name))
        for name, value in asked.values.items()
    )


def _count(asked: Asked, number: int) -> str:
    words = (
        ngettext("%(number)s service, the newest first.", "%(number)s services, the newest first.", number)
        if asked.sort
        else ngettext("%(number)s service, sorted by name.", "%(number)s services, sorted by name.", number)
    )
    return words % {"number": number}
