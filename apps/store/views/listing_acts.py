"""One page for each act on a referenced service: what it does, the form, the refusal in words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts.reauthentication import confirmed_recently
from apps.accounts.staff import StaffRequest, require_staff
from apps.store import policies
from apps.store.models import Listing
from apps.store.services import cases
from apps.store.views import act_page
from apps.store.views.act_page import ActPage
from apps.store.views.listing_act_list import BY_SLUG, Act
from apps.store.views.live_services import listing_of
from apps.ui.components import Effect


@require_staff(*policies.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def listing_act(request: StaffRequest, listing_id: UUID, act: str) -> HttpResponse:
    """Acts of no consequence at once, grave ones after the person has shown again who they are; each after they have
    declared whether they have a link to the publisher (RV-03).
    """
    known = BY_SLUG.get(act)
    if known is None or known.role not in request.staff_roles:
        raise Http404
    if request.method != "POST" and (declaring := _to_declare(request, listing_id, known)):
        return redirect(declaring)
    view: Any = _grave if known.is_grave else _act
    answer: HttpResponse = view(request, listing_id, known)
    return answer


def _to_declare(request: StaffRequest, listing_id: UUID, act: Act) -> str:
    """Address of the page where the person declares first, which leads back here; empty once they have."""
    listing = listing_of(request, listing_id)
    if not act.when(listing) or cases.has_declared(listing.candidacy, user_id=request.user.pk):
        return ""
    here = reverse("store:conflict", args=[listing.candidacy_id])
    return f"{here}?{urlencode({'suite': request.path})}"


def _act(request: StaffRequest, listing_id: UUID, act: Act) -> HttpResponse:
    listing = listing_of(request, listing_id)
    if request.method != "POST" and not act.when(listing):
        raise Http404
    now, error = timezone.now(), None
    form = act.form(act_page.data_of(request))
    if form.is_valid():
        seen = act_page.seen_of(request)
        given = act.given(form)
        error = act_page.attempt(lambda: act.do(actor=request.actor, listing_id=listing.pk, seen=seen, at=now, **given))
        if error is None:
            detail = _("The history of the service says so.")
            return act_page.done(request, str(act.done), detail, "store:live_service", listing.pk)
        act_page.say(form, error, at=now)
    context = {"act": _page(listing, act), "listing": listing, "seen": listing.sequence}
    return act_page.show(request, "store/listing_act.html", form=form, context=context, error=error)


@confirmed_recently(gettext_lazy("Act on a referenced service"))
def _grave(request: StaffRequest, listing_id: UUID, act: Act) -> HttpResponse:
    return _act(request, listing_id, act)


def _page(listing: Listing, act: Act) -> ActPage:
    return ActPage(
        title=str(act.label),
        heading=_("%(act)s: %(service)s") % {"act": act.label, "service": listing.service.name},
        effects=tuple(Effect(text=str(line), icon="information-line") for line in act.effects),
        button=str(act.label),
        back_url=reverse("store:live_service", args=[listing.pk]),
        back_label=_("Do nothing"),
    )
