"""Pages of a space that read several domains: home (H-01) and access history (AH-01)."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.access import Actor, Purpose, Role, Section
from apps.accounts.sessions import previous_sign_in
from apps.audit.services import AuditEvent, Line, record
from apps.dmp.models import Document
from apps.journeys import history, home
from apps.journeys.forms import HistoryForm
from apps.journeys.unread import unread_number
from apps.journeys.words import count_in_words
from apps.spaces.entry import SpaceRequest

LINES_A_PAGE = 20


@require_safe
def dashboard(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """In ten seconds: what is new, who looked, whom I manage (H-01)."""
    now, actor = timezone.now(), request.actor
    if actor.role is Role.DELEGATE:
        record(actor=actor, at=now, line=Line(action="spaces.space.enter"))
    context = {
        **(_documents(actor) if Section.DOCUMENTS in request.space_view.reads else {}),
        "unread": home.unread_conversations(actor=actor, count=unread_number(request)),
        "accesses": home.last_accesses(actor=actor, space_id=space_id, at=now),
        "managed": home.managed_spaces(actor=actor, at=now),
        "emergency": home.emergency_state(space_id),
        "previous_sign_in": previous_sign_in(request),
    }
    return render(request, "journeys/dashboard.html", context)


def _documents(actor: Actor) -> dict[str, object]:
    """The newest unread ones; asked for only where the space has documents (decisions.md 38)."""
    unread = Document.objects.visible_to(actor).current_for(actor).unread_by(actor.user_id)
    documents = list(unread.newest_first()[: home.NEW_AT_MOST])
    return {
        "new_documents": documents,
        "new_count": len(documents) if len(documents) < home.NEW_AT_MOST else unread.count(),
        "has_documents": bool(documents) or Document.objects.visible_to(actor).exists(),
    }


@require_safe
def access_history(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Who looked, when, at what and why (AH-01)."""
    form = HistoryForm(request.GET or None)
    choice = form.choice()
    now = timezone.now()
    events = history.events_for(actor=request.actor, space_id=space_id, choice=choice, at=now)
    page = Paginator(events, LINES_A_PAGE).get_page(request.GET.get("page"))
    lines = history.lines_of(events=list(page.object_list), actor=request.actor, space_id=space_id)
    context = {
        "form": form,
        "choice": choice,
        "page": page,
        "lines": lines,
        "count_in_words": _count(form, events, page.paginator.count),
        "space": request.space_view,
    }
    return render(request, "journeys/access_history.html", context)


def _count(form: HistoryForm, events: QuerySet[AuditEvent], count: int) -> str:
    emergencies = events.filter(purpose__in=[Purpose.BREAK_GLASS, Purpose.EMERGENCY_CALL]).count()
    return count_in_words(count=count, emergencies=emergencies, filters=form.in_words())
