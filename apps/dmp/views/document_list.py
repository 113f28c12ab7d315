"""D-01: find a document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.dmp import services
from apps.dmp.filter_words import count_words, filter_label
from apps.dmp.filters import Filters
from apps.dmp.forms import FilterForm
from apps.dmp.models import Document
from apps.dmp.views.filter_session import keep, kept, with_folder_name
from apps.dmp.views.rows import groups_of
from apps.spaces.entry import SpaceRequest
from apps.ui.components import ActiveFilter, FilterPanel, SearchBar

ROWS_A_PAGE = 20
BY_AUTHOR = "auteur"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for: a token of filters and an order."""

    space_id: UUID
    token: str
    sort: str

    @property
    def by_author(self) -> bool:
        return self.sort == BY_AUTHOR

    def url(self, **changes: str) -> str:
        """Address of the list with these parameters; empty ones are left out."""
        wanted = {"filtre": self.token, "tri": self.sort, **changes}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return reverse("dmp:document_list", args=[self.space_id]) + (f"?{query}" if query else "")


class _Counted(Paginator):  # type: ignore[type-arg]
    """A paginator that was told the count: it came with the query for the new ones."""

    def __init__(self, rows: Any, total: int) -> None:  # noqa: ANN401  a queryset
        super().__init__(rows, ROWS_A_PAGE)
        self._total = total

    @cached_property
    def count(self) -> int:
        return self._total


# No HEAD: a delegate's would leave a line in the history for a list that nobody has seen.
@require_http_methods(["GET", "POST"])
def document_list(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    sort = request.GET.get("tri", "")
    asked = Asked(space_id=space_id, token=request.GET.get("filtre", ""), sort=sort if sort == BY_AUTHOR else "")
    authors, folders = services.authors_of(actor=request.actor), services.folders_of(actor=request.actor)
    if request.method == "POST":
        form = FilterForm(request.POST, authors=authors, folders=folders)
        if form.is_valid():
            return redirect(asked.url(filtre=keep(request, space_id, form.filters())))
        return _page(request, asked, Filters(), form)
    filters = kept(request, space_id, asked.token)
    if removed := request.GET.get("sans", ""):
        return redirect(asked.url(filtre=keep(request, space_id, filters.without(removed))))
    form = FilterForm(initial=filters.as_dict(), authors=authors, folders=folders)
    return _page(request, asked, with_folder_name(filters, folders), form)


def _page(request: SpaceRequest, asked: Asked, filters: Filters, form: FilterForm) -> HttpResponse:
    now, actor = timezone.now(), request.actor
    found = services.find_documents(actor=actor, filters=filters, today=timezone.localdate(now))
    rows = found.rows.by_author() if asked.by_author else found.rows.newest_first()
    page = _Counted(rows, found.total).get_page(request.GET.get("page"))
    documents: list[Document] = list(page.object_list)
    services.record_list_reading(actor=actor, shown=len(documents), at=now)
    extracts = services.extracts_of(actor=actor, documents=documents, words=filters.words, at=now)
    context = {
        "form": form,
        "panel": _panel(asked, filters, form),
        "count": count_words(filters, total=found.total, new=found.new),
        "groups": groups_of(documents, by_author=asked.by_author, extracts=extracts),
        "page": page,
        "inside_away": found.inside_away,
        "is_searched": bool(filters.words),
        "by_author": asked.by_author,
        "other_sort_url": asked.url(tri="" if asked.by_author else BY_AUTHOR),
        "is_filtered": bool(filters.active),
        "filter_count": len(filters.active),
        "query": request.GET.urlencode(),
        "all_url": reverse("dmp:document_list", args=[asked.space_id]),
        "all_count": 0 if found.total or not filters.active else services.count_documents(actor=actor),
    }
    return render(request, "dmp/document_list.html", context)


def _panel(asked: Asked, filters: Filters, form: FilterForm) -> FilterPanel:
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
