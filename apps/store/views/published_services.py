"""PU-11: referenced services of a publisher, what is awaited, small changes, leaving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.store.forms import listing_acts as forms
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Decision, Listing, Member
from apps.store.policies import may_act_for
from apps.store.services import declaring, renewing, user_reports, withdrawing
from apps.store.states import ListingStatus, Queue
from apps.store.states.listing import ACTIVE, OVER
from apps.store.views import act_page, dossier_refusals, listing_words
from apps.store.views.act_page import ActPage
from apps.store.views.live_services import A_PAGE, pairs_of
from apps.store.views.organisation import refused
from apps.store.views.turn_words import Viewer
from apps.ui.components import Effect
from apps.ui.forms import EnsForm

S = ListingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that a publisher may do; columns as in `listing_act_list.Act`."""

    slug: str
    label: str | Promise
    when: Callable[[Listing], bool]
    form: type[EnsForm]
    do: Callable[..., Any]
    given: Callable[[Any], dict[str, Any]]
    effects: tuple[str | Promise, ...]
    done: str | Promise
    roles: tuple[Member.Role, ...]  # as the service asks for them


def _may_declare(one: Listing) -> bool:
    is_asked = one.status == S.DECLARATION_DUE and one.queue == Queue.PUBLISHER
    return is_asked or declaring.owes_declaration(one)


ACTS = (
    Act(
        slug="declarer", label=gettext_lazy("Make the yearly declaration"), form=forms.DeclarationForm,
        when=_may_declare, do=declaring.declare,
        given=lambda form: {"text": form.text()}, done=gettext_lazy("Declaration made"),
        effects=(gettext_lazy("It counts for a year; what you declared at first stays the reference of an audit."),),
        roles=(Member.Role.SIGNATORY,),
    ),
    Act(
        slug="repondre", label=gettext_lazy("Answer"), form=forms.ReasonForm, do=declaring.hand_in,
        when=lambda one: one.status in declaring.TO_REMEDY and one.queue == Queue.PUBLISHER,
        given=lambda form: {"text": form.cleaned_data["facts"]}, done=gettext_lazy("Answer sent"),
        effects=(gettext_lazy("It is then our turn; we tell you what comes of it."),),
        roles=(Member.Role.TECHNICAL,),
    ),
    Act(
        slug="incident", label=gettext_lazy("Report a security incident"), form=forms.ReasonForm,
        when=lambda one: one.status not in OVER, do=declaring.report_incident,
        given=lambda form: {"text": form.cleaned_data["facts"]}, done=gettext_lazy("Incident reported"),
        effects=(
            gettext_lazy("The agreement asks for it within twenty-four hours; the desk looks at it within one day."),
            gettext_lazy("Write no health data and no name of a user."),
        ),
        roles=(Member.Role.TECHNICAL, Member.Role.DPO),
    ),
    Act(
        slug="quitter", label=gettext_lazy("Leave the catalogue"), form=forms.LeavingForm, do=withdrawing.leave,
        when=lambda one: one.status in ACTIVE and one.queue != Queue.CONFIRMER,
        given=lambda form: {"effect_on": form.cleaned_data["effect_on"], "reason": form.cleaned_data["facts"]},
        done=gettext_lazy("Departure planned"),
        effects=(
            gettext_lazy("The catalogue names the day. Three months' notice at least: users find another service."),
            gettext_lazy("The page stays readable with its dates; nothing of it is erased."),
        ),
        roles=(Member.Role.SIGNATORY,),
    ),
)  # fmt: skip
BY_SLUG = {act.slug: act for act in ACTS}


@require_member
@require_safe
def published_services(request: PublisherRequest) -> HttpResponse:
    """All of them by name."""
    rows = Listing.objects.visible_to(request.actor).select_related("service").order_by("service__folded_name", "id")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    lines = [(listing, listing_words.turn_of(listing, Viewer.PUBLISHER)) for listing in page.object_list]
    return render(request, "store/published_services.html", {"page": page, "lines": lines})


@require_member
@require_safe
def published_service(request: PublisherRequest, listing_id: UUID) -> HttpResponse:
    """State, whose turn it is, what may be done, decisions, history."""
    listing = listing_of(request, listing_id)
    notified = Decision.objects.filter(listing_id=listing.pk, notified_at__isnull=False)
    context = {
        "listing": listing,
        "turn": listing_words.turn_of(listing, Viewer.PUBLISHER),
        "pairs": pairs_of(listing),
        "acts": [act for act in ACTS if act.when(listing) and may_act_for(request.actor, request.member, *act.roles)],
        "decisions": notified.order_by("-decided_at", "-id"),
        "events": listing_words.history(listing, is_public=True),
        "may_change": listing.status in ACTIVE and may_act_for(request.actor, request.member, Member.Role.TECHNICAL),
        "kinds": renewing.possible(listing, at=request.actor.at),
        "renewal_on": renewing.opens_on(listing),
        "reports": user_reports.notes_of(listing),
    }
    return render(request, "store/published_service.html", context)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def published_act(request: PublisherRequest, listing_id: UUID, act: str) -> HttpResponse:
    """One act: what it does, its form, the refusal in words."""
    listing, known = listing_of(request, listing_id), BY_SLUG.get(act)
    if known is None or (request.method != "POST" and not known.when(listing)):
        raise Http404
    if request.method != "POST" and not may_act_for(request.actor, request.member, *known.roles):
        return refused(request, *known.roles)
    now, error = timezone.now(), None
    form = known.form(act_page.data_of(request))
    if form.is_valid():
        seen, given = act_page.seen_of(request), known.given(form)
        error = dossier_refusals.attempt(
            lambda: known.do(actor=request.actor, listing_id=listing.pk, seen=seen, at=now, **given)
        )
        if error is None:
            told = _("You find it in the history of the service.")
            return act_page.done(request, str(known.done), told, "store:published_service", listing.pk)
        dossier_refusals.say_of_service(form, error, publisher_id=listing.publisher_id, at=now)
    context = {"act": _page(listing, known), "listing": listing, "seen": listing.sequence}
    return act_page.show(request, "store/published_act.html", form=form, context=context, error=error)


def listing_of(request: PublisherRequest, listing_id: UUID) -> Listing:
    """404 for one of somebody else."""
    rows = Listing.objects.visible_to(request.actor).select_related("service", "publisher")
    found = rows.filter(pk=listing_id).first()
    if found is None:
        raise Http404
    return found


def _page(listing: Listing, act: Act) -> ActPage:
    return ActPage(
        title=str(act.label),
        heading=_("%(act)s: %(service)s") % {"act": act.label, "service": listing.service.name},
        effects=tuple(Effect(text=str(line), icon="information-line") for line in act.effects),
        button=str(act.label),
        back_url=reverse("store:published_service", args=[listing.pk]),
        back_label=_("Do nothing"),
    )
