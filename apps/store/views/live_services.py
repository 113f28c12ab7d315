"""RV-09: referenced services, one of them, and what may be done with it."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Fact, Line, record
from apps.store import policies, reasons, telling
from apps.store.models import Decision, Listing
from apps.store.services import acting
from apps.store.states import ListingStatus
from apps.store.transitions import FOR_DESK
from apps.store.views import listing_act_list, listing_words
from apps.store.views.queue_lines import Tab
from apps.store.views.turn_words import Viewer
from apps.ui.components import Pair
from apps.ui.words import day, moment

A_PAGE = 20
S = ListingStatus
# Saved views: part of the address, states that it shows.
VIEWS = {
    "": None,
    "suivis": (S.DECLARATION_DUE, S.AUDIT, S.FORMAL_NOTICE),
    "suspendus": (S.SUSPENDED,),
    "partis": (S.LEAVING, S.WITHDRAWN, S.EXPIRED),
}


@require_staff(*policies.REVIEW)
@require_safe
def live_services(request: StaffRequest) -> HttpResponse:
    """All of them by name; « À traiter »: those that wait for a role of the reader."""
    rows = Listing.objects.visible_to(request.actor).select_related("service", "publisher")
    mine = Q(queue__in=[queue for queue, role in telling.ROLES.items() if role in request.staff_roles])
    if StaffRole.DESK in request.staff_roles:
        mine |= Q(reasons__overlap=list(FOR_DESK))  # also while it is somebody else's turn
    view = request.GET.get("vue", "")
    if view == "attente":
        rows = rows.filter(mine).order_by("due_at", "id")
    else:
        states = VIEWS.get(view)
        rows = (rows.filter(status__in=states) if states else rows).order_by("service__folded_name", "id")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lines = [(listing, listing_words.turn_of(listing, Viewer.REVIEW)) for listing in page.object_list]
    facts: dict[str, Fact] = {"view": view if view in {*VIEWS, "attente"} else "", "shown": len(lines)}
    record(actor=request.actor, at=request.actor.at, line=Line(action="store.listing.list", facts=facts))
    context = {"page": page, "lines": lines, "tabs": _tabs(view), "number": page.paginator.count}
    return render(request, "store/live_services.html", context)


@require_staff(*policies.REVIEW)
@require_safe
def live_service(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """State, dates, acts that are possible now, decisions, history."""
    listing = listing_of(request, listing_id)
    now = timezone.now()
    acting.trace(
        actor=request.actor, act="listing.read", publisher_id=listing.publisher_id, target=f"listing:{listing.pk}",
        at=now,
    )  # fmt: skip
    decisions = Decision.objects.filter(listing_id=listing.pk).order_by("-decided_at", "-id")
    context = {
        "listing": listing,
        "turn": listing_words.turn_of(listing, Viewer.REVIEW),
        "flags": [reasons.HUMAN.get(code, code) for code in listing.reasons],
        "pairs": pairs_of(listing),
        "acts": listing_act_list.possible(listing, request.staff_roles),
        "decisions": decisions,
        "events": listing_words.history(listing),
        "declarations": listing.declarations.order_by("-year"),
    }
    return render(request, "store/live_service.html", context)


def listing_of(request: StaffRequest, listing_id: UUID) -> Listing:
    """One that this person may see; 404 otherwise."""
    rows = Listing.objects.visible_to(request.actor).select_related("service", "publisher", "candidacy", "agreement")
    found = rows.filter(pk=listing_id).first()
    if found is None:
        raise Http404
    return found


def pairs_of(listing: Listing) -> tuple[Pair, ...]:
    """Dates of a referenced service."""
    return (
        Pair(term=_("Publisher"), value=listing.publisher.name),
        Pair(term=_("Referenced on"), value=day(listing.published_at)),
        Pair(term=_("Last automatic checks"), value=day(listing.controlled_on)),
        Pair(term=_("Next weekly checks"), value=moment(listing.wakes_at) if listing.wakes_at else _("none")),
        Pair(term=_("Last yearly declaration"), value=day(listing.declared_on)),
        Pair(term=_("End of the agreement"), value=day(listing.agreement_ends_on)),
    )


def _tabs(view: str) -> list[Tab]:
    labels = {
        "": pgettext("services", "All"),
        "attente": _("To be dealt with"),
        "suivis": _("Under watch"),
        "suspendus": pgettext("services", "Suspended"),
        "partis": _("Leaving or left"),
    }
    here = reverse("store:live_services")
    return [
        Tab(label=label, url=f"{here}?vue={name}" if name else here, is_current=view == name)
        for name, label in labels.items()
    ]
