"""PU-03: dossiers of a publisher, whose turn it is in each, and a new one (STO-47, S32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.ids import uuid7
from apps.store.forms.candidacy import NewCandidacyForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy, CandidacyEvent
from apps.store.querysets import CandidacyQuerySet
from apps.store.services import drafting
from apps.store.services.errors import UnfinishedError, UnknownRowError, WrongValueError
from apps.store.states import Event, Queue, Status
from apps.store.views import dossier_refusals, dossiers, turn_words
from apps.store.views.hub_words import TOLD
from apps.store.views.turn_words import Turn, Viewer
from apps.ui import outcome
from apps.ui.outcome import Outcome

PAGE = 20
FILTER, OURS = "tour", "nous"  # ?tour=nous: where the publisher has to act
_OUR_TURN = Q(queue=Queue.PUBLISHER) | Q(status=Status.DRAFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dossier of the list."""

    candidacy: Candidacy
    turn: Turn
    is_ours: bool
    event: str
    event_at: datetime


@require_member
@require_safe
def candidacy_list(request: PublisherRequest) -> HttpResponse:
    """What waits for the publisher first, by its day; then drafts; then the newest."""
    rows = Candidacy.objects.visible_to(request.actor)
    only_ours = request.GET.get(FILTER) == OURS
    counts = rows.aggregate(all=Count("id"), ours=Count("id", filter=_OUR_TURN))
    shown = _sorted(rows.filter(_OUR_TURN) if only_ours else rows)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(candidacy, request.actor.at) for candidacy in page.object_list],
        "counts": counts,
        "only_ours": only_ours,
        "ours_url": f"{reverse('store:candidacy_list')}?{FILTER}={OURS}",
    }
    return render(request, "store/candidacy_list.html", context)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def candidacy_new(request: PublisherRequest) -> HttpResponse:
    """Begin a dossier; one of the same service that is not at its end is shown instead."""
    if request.method != "POST":
        return _new(request, NewCandidacyForm(initial={"token": uuid7(), "exchange": "none", "lane": "ordinaire"}))
    form = NewCandidacyForm(request.POST)
    if not form.is_valid():
        return _new(request, form)
    try:
        made = _begin(request, form)
    except UnfinishedError as error:
        form.add_error("name", _("Your organisation has a dossier for this service already."))
        return _new(request, form, unfinished=error.candidacy_id)
    except UnknownRowError as error:
        raise Http404 from error
    except WrongValueError as error:
        if error.field == "listing":
            form.add_error("name", dossier_refusals.wrong_words(error))
        else:
            form.add_error(None, _("Confirm the contact address of your organisation first."))
        return _new(request, form)
    detail = _("Begin with the orientation: it decides which criteria apply.")
    outcome.tell(request, Outcome(title=_("Candidacy %(number)s begun") % {"number": made.number}, detail=detail))
    return redirect("store:candidacy", made.id)


def _new(request: PublisherRequest, form: NewCandidacyForm, *, unfinished: UUID | None = None) -> HttpResponse:
    context = {
        "form": form,
        "unfinished": unfinished,
        "address": "" if drafting.has_confirmed_address(request.publisher) else request.publisher.contact_email,
    }
    return render(request, "store/candidacy_new.html", context, status=dossiers.status_of(form))


def _begin(request: PublisherRequest, form: NewCandidacyForm) -> Candidacy:
    return drafting.begin(
        actor=request.actor,
        candidacy_id=form.candidacy_id(),
        name=form.cleaned_data["name"],
        profile=form.profile(),
        at=request.actor.at,
    )


def _sorted(rows: CandidacyQuerySet) -> CandidacyQuerySet:
    last = CandidacyEvent.objects.filter(TOLD, candidacy=OuterRef("pk")).order_by("-sequence")
    own_day = Case(When(queue=Queue.PUBLISHER, then=F("due_at")))
    place = Case(When(queue=Queue.PUBLISHER, then=0), When(status=Status.DRAFT, then=1), default=2)
    return (
        rows.select_related("service")
        .annotate(last_event=Subquery(last.values("event")[:1]), last_at=Subquery(last.values("at")[:1]))
        .order_by(place, own_day.asc(nulls_last=True), "-created_at", "-pk")
    )


def _row(candidacy: Candidacy, at: datetime) -> Row:
    code = getattr(candidacy, "last_event", None)
    return Row(
        candidacy=candidacy,
        turn=turn_words.turn_of(candidacy, Viewer.PUBLISHER, at=at),
        is_ours=turn_words.is_publishers_turn(candidacy),
        event=str(Event(code).label) if code else "",
        event_at=getattr(candidacy, "last_at", None) or candidacy.status_at,
    )
