"""D-01: find a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.dmp import services
from apps.dmp.filter_words import count_words, filter_label
from apps.dmp.filters import Filters
from apps.dmp.forms import FilterForm, Offers
from apps.dmp.paging import BY_AUTHOR as AUTHOR_ORDER
from apps.dmp.paging import BY_DATE
from apps.dmp.views.filter_session import keep, kept, with_folder_name
from apps.dmp.views.page_links import cut_asked, links_of
from apps.dmp.views.rows import groups_of
from apps.spaces.entry import SpaceRequest
from apps.ui.components import ActiveFilter, FilterPanel, SearchBar

ROWS_A_PAGE = 20
BY_AUTHOR = "auteur"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for: a token of filters and an order; `page` is the name of its view, `year` for D-02."""

    space_id: UUID
    token: str
    sort: str
    page: str = "dmp:document_list"
    year: str = ""

    @property
    def by_author(self) -> bool:
        return self.sort == BY_AUTHOR

    def url(self, **changes: str) -> str:
        """Address of the page with these parameters; empty ones are left out."""
        wanted = {"filtre": self.token, "tri": self.sort, "annee": self.year, **changes}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return reverse(self.page, args=[self.space_id]) + (f"?{query}" if query else "")


def asked_by(request: SpaceRequest, space_id: UUID) -> Asked:
    sort = request.GET.get("tri", "")
    return Asked(space_id=space_id, token=request.GET.get("filtre", ""), sort=sort if sort == BY_AUTHOR else "")


PageView = Callable[[SpaceRequest, Asked, Filters, FilterForm], HttpResponse]


# No HEAD: a delegate's would leave a line in the history for a list that nobody has seen.
@require_http_methods(["GET", "POST"])
def document_list(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    return filtered(request, asked_by(request, space_id), _page)


def filtered(request: SpaceRequest, asked: Asked, page: PageView) -> HttpResponse:
    """The page with the filters that the session keeps; after a form or a filter taken away, a redirect to it."""
    space_id, actor = asked.space_id, request.actor
    folders = services.folders_of(actor=actor)
    offers = Offers(names=services.names_of(actor=actor), folders=folders, is_own=request.space_view.is_own)
    if request.method == "POST":
        form = FilterForm(request.POST, offers=offers)
        if form.is_valid():
            return redirect(asked.url(filtre=keep(request, space_id, form.filters())))
        return page(request, asked, Filters(), form)
    filters = kept(request, space_id, asked.token)
    if removed := request.GET.get("sans", ""):
        return redirect(asked.url(filtre=keep(request, space_id, filters.without(removed))))
    form = FilterForm(initial=filters.as_dict(), offers=offers)
    return page(request, asked, with_folder_name(filters, folders), form)


def _page(request: SpaceRequest, asked: Asked, filters: Filters, form: FilterForm) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    order = AUTHOR_ORDER if asked.by_author else BY_DATE
    found = services.find_documents(
        actor=actor, filters=filters, today=timezone.localdate(now), cut=cut_asked(request), order=order
    )
    page = services.page_of(found, size=ROWS_A_PAGE)
    services.record_list_reading(actor=actor, shown=len(page.documents), at=now)
    extracts = services.extracts_of(actor=actor, documents=page.documents, looked=found.looked, at=now)
    context = {
        "form": form,
        "panel": panel_of(asked, filters, form),
        "count": count_words(filters, total=found.total, new=found.new),
        "groups": groups_of(page.documents, by_author=asked.by_author, extracts=extracts),
        "pages": links_of(page, asked.url),
        "inside_away": found.looked.is_away,
        "is_searched": bool(filters.words),
        "by_author": asked.by_author,
        "other_sort_url": asked.url(tri="" if asked.by_author else BY_AUTHOR),
        "is_filtered": bool(filters.active),
        "filter_count": len(filters.active),
        "query": request.GET.urlencode(),
        "timeline_url": replace(asked, page="dmp:timeline").url(),
        "all_url": reverse("dmp:document_list", args=[asked.space_id]),
        "all_count": 0 if found.total or not filters.active else services.count_documents(actor=actor),
    }
    return render(request, "dmp/document_list.html", context)


def panel_of(asked: Asked, filters: Filters, form: FilterForm) -> FilterPanel:
    words = str(form["words"].value() or "")
    return FilterPanel(
        form=form,
        action=asked.url(filtre=""),
        name=_("Documents"),
        method="post",
        search=SearchBar(
            name="words",
            label=_("Search for a document"),
            placeholder=_("Title, author, words of the text"),
            value=words,
        ),
        active=tuple(
            ActiveFilter(label=filter_label(filters, name), without_url=asked.url(sans=name)) for name in filters.active
        ),
    )
