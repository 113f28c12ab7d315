"""PU-04: one dossier: what is to do, whose turn it is, what comes next, what happened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.common.dates import PARIS
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy
from apps.store.policies import may_act_for
from apps.store.services import copying, progress
from apps.store.states.dossier import WITHDRAWABLE
from apps.store.views import dossiers, hub_words, turn_words, way_words
from apps.store.views.candidacy_acts import MAY_WITHDRAW
from apps.store.views.turn_words import Viewer

EVENTS = 6


@require_member
@require_safe
def candidacy(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """The hub. While it is a draft, its tasks; afterwards the pages of what was sent."""
    dossier, at = dossiers.dossier_of(request, candidacy_id), request.actor.at
    session = way_words.next_session(today=at.astimezone(PARIS).date())
    context = {
        "candidacy": dossier,
        "turn": turn_words.turn_of(dossier, Viewer.PUBLISHER, at=at),
        "stages": way_words.stages_of(dossier, next_session=session),
        "is_draft": dossiers.is_draft(dossier),
        "may_withdraw": dossier.status in WITHDRAWABLE and may_act_for(request.actor, request.member, *MAY_WITHDRAW),
        "may_copy": dossier.status in copying.COPIED,
        **(_draft(dossier, at) if dossiers.is_draft(dossier) else _sent(dossier)),
    }
    return render(request, "store/candidacy.html", context)


def _draft(dossier: Candidacy, at: datetime) -> dict[str, object]:
    overview, names = progress.overview_of(dossier, at=at), progress.names_of(dossier)
    tasks = hub_words.tasks_of(overview, names)
    return {
        "tasks": tasks,
        "tasks_done": hub_words.count_words(tasks),
        "next": hub_words.next_task(tasks),
        "happenings": hub_words.happenings(overview, names, most=EVENTS),
    }


def _sent(dossier: Candidacy) -> dict[str, object]:
    return {"happenings": hub_words.events_of(dossier, progress.names_of(dossier), most=EVENTS)}
