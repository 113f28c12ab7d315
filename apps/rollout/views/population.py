"""RO-03: the population by filters, and one person looked for. Initials, year of birth and department only (SEC-19)."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.staff import StaffRequest, require_staff
from apps.common import limits
from apps.rollout import policies
from apps.rollout.forms.population import FilterForm, SearchForm
from apps.rollout.models import Wave
from apps.rollout.services import population as people
from apps.rollout.services.population import Filters
from apps.rollout.views.export_lines import labels_of
from apps.rollout.views.person_lines import line_of
from apps.ui.components import ActiveFilter, FilterPanel
from apps.ui.words import number

TEAM = policies.RUNS


@require_staff(*TEAM)
@require_safe
def population(request: StaffRequest) -> HttpResponse:
    """One page of people, paged by key."""
    form = filter_form(request)
    filters = form.filters() if form.is_valid() else Filters()
    page = people.page_of(actor=request.actor, filters=filters, after=_after(request))
    count = people.count_of(filters, at=request.actor.at)
    context = {
        "form": form,
        "panel": _panel(form, filters),
        "lines": [line_of(person) for person in page.people],
        "count": _count_words(count),
        "next_url": _address(filters, apres=str(page.next_after)) if page.next_after else "",
        "first_url": _address(filters) if "apres" in request.GET else "",
        "export_url": f"{reverse('rollout:export_ask')}?{urlencode(filters.active)}",
        "search": SearchForm(),
    }
    return render(request, "rollout/population.html", context)


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def person_search(request: StaffRequest) -> HttpResponse:
    """By POST: neither a number nor a name stands in an address."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "rollout/person_search.html", {"form": form}, status=status)
    try:
        found = people.find(actor=request.actor, **form.cleaned_data)
    except people.TooManyPeopleError as error:
        return too_many(request, people.SEARCH, error)
    if len(found) == 1:
        return redirect("rollout:person", found[0].pk)
    context = {"form": form, "lines": [line_of(person) for person in found], "searched": True}
    return render(request, "rollout/person_search.html", context)


def too_many(request: StaffRequest, act: str, error: people.TooManyPeopleError) -> HttpResponse:
    """The limit of the hour: told to the person, and to the trail."""
    people.tell_limit(actor=request.actor, act=act)
    return limits.refusal(verdict=error.verdict, at=request.actor.at)


def filter_form(request: HttpRequest) -> FilterForm:
    return FilterForm(request.GET, waves=list(Wave.objects.order_by("-number")))


def _panel(form: FilterForm, filters: Filters) -> FilterPanel:
    return FilterPanel(
        form=form,
        action=reverse("rollout:population"),
        name=_("Filter the population"),
        active=tuple(
            ActiveFilter(label=label, without_url=_address(filters, **{name: ""}))
            for name, label in labels_of(filters.active, form=form).items()
        ),
    )


def _address(filters: Filters, **more: str) -> str:
    wanted = {name: value for name, value in {**filters.active, **more}.items() if value}
    return reverse("rollout:population") + (f"?{urlencode(wanted)}" if wanted else "")


def _after(request: HttpRequest) -> UUID | None:
    """The key behind which the page begins; anything else is the first page."""
    try:
        return UUID(request.GET["apres"]) if "apres" in request.GET else None
    except ValueError:
        return None


def _count_words(count: int) -> str:
    if count > people.COUNTED:
        return _("More than %(count)s people") % {"count": number(people.COUNTED)}
    return _("%(count)s people") % {"count": number(count)} if count != 1 else _("1 person")
