"""SE-04: professionals with access, blocked ones, administrators; search, one professional, what a profession reads."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.directory.models import Professional
from apps.directory.search import Search, find_professionals
from apps.spaces.carers import carers_of, standing_of
from apps.spaces.entry import SpaceRequest
from apps.spaces.forms.professionals import ProfessionForm, SearchForm
from apps.spaces.guards import deciders_only
from apps.spaces.views.readable import readable_groups

FOUND_A_PAGE = 20
FOUND_AT_MOST = 200  # a longer answer helps nobody: the page asks for more letters
_KEY = "spaces_search"


@deciders_only
@require_safe
def professional_list(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Who may read now, who may not, who administers."""
    context = {"carers": carers_of(space_id=space_id, at=timezone.now()), "space": request.space_view}
    return render(request, "spaces/professional_list.html", context)


@deciders_only
@require_http_methods(["GET", "HEAD", "POST"])
def professional_search(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Anybody of the directory, to block or to name in advance; the words stay in the session (SEC-16)."""
    if request.method == "POST":
        form = SearchForm(request.POST)
        if not form.is_valid():
            return _search_page(request, form, None, HTTPStatus.UNPROCESSABLE_ENTITY)
        request.session[_KEY] = {"space": str(space_id), "search": form.cleaned_data}
        return redirect("spaces:professional_search", space_id)
    asked = _asked(request, space_id)
    return _search_page(request, SearchForm(initial=asked), Search(**asked) if asked else None)


@deciders_only
@require_safe
def professional_detail(request: SpaceRequest, space_id: UUID, professional_id: UUID) -> HttpResponse:
    """One professional: what holds now, and what the holder may decide."""
    professional = get_object_or_404(Professional, pk=professional_id)
    context = {
        "professional": professional,
        "standing": standing_of(space_id=space_id, national_id=professional.national_id, at=timezone.now()),
        "space": request.space_view,
    }
    return render(request, "spaces/professional_detail.html", context)


@deciders_only
@require_safe
def professional_matrix(request: SpaceRequest, /, **_space: UUID) -> HttpResponse:
    """What each profession may read; a cell that nobody knows refuses, and the page says so (ACC-09)."""
    form = ProfessionForm({"metier": ProfessionForm(request.GET).profession()})
    context = {"form": form, "space": request.space_view, **readable_groups(form.profession())}
    return render(request, "spaces/professional_matrix.html", context)


def _asked(request: SpaceRequest, space_id: UUID) -> dict[str, str]:
    """The last search of this session in this space."""
    kept = request.session.get(_KEY, {})
    asked: dict[str, str] = kept["search"] if kept.get("space") == str(space_id) else {}
    return asked


def _search_page(
    request: SpaceRequest, form: SearchForm, search: Search | None, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    rows = list(find_professionals(search)[: FOUND_AT_MOST + 1]) if search else []
    context = {
        "form": form,
        "page": Paginator(rows[:FOUND_AT_MOST], FOUND_A_PAGE).get_page(request.GET.get("page")),
        "is_cut": len(rows) > FOUND_AT_MOST,
        "searched": search is not None,
        "space": request.space_view,
    }
    return render(request, "spaces/professional_search.html", context, status=status)
