"""RV-13: one session: its agenda, who is there, papers, end, minutes."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.store import seats
from apps.store.letters import opinions as letters
from apps.store.models import Session
from apps.store.services import sitting
from apps.store.services.errors import UnknownRowError
from apps.store.views import session_lines
from apps.store.views.sessions import SITS


@require_staff(*SITS)
@require_safe
def commission_session(request: StaffRequest, session_id: UUID) -> HttpResponse:
    """Agenda with quorum, votes and opinions; a member does not see dossiers of a publisher they have a link to."""
    session = session_or_404(request, session_id)
    items, hidden = session_lines.readable(session, request.actor)
    members, present = seats.sitting(session)
    record(
        actor=request.actor, at=request.actor.at, line=Line(action="store.session.read", target=f"session:{session.pk}")
    )
    is_open = session.state == Session.State.PLANNED
    context = {
        "session": session,
        "icon": session_lines.ICONS[Session.State(session.state)],
        "facts": session_lines.facts_of(session, members=len(members), present=len(present)),
        "lines": session_lines.item_lines(session, items, members=members, present=present),
        "hidden": _hidden(hidden),
        "may_run": is_open and StaffRole.SECRETARIAT in request.staff_roles,
        "takes_dossiers": sitting.takes_dossiers(session, at=request.actor.at),
        "has_begun": sitting.today(request.actor.at) >= session.held_on,
    }
    return render(request, "store/session.html", context)


@require_staff(*SITS)
@require_safe
def commission_minutes(request: StaffRequest, session_id: UUID) -> HttpResponse:
    """Minutes of a session that was held, as tagged PDF: its rows do not change any more."""
    session = session_or_404(request, session_id)
    items, hidden = session_lines.readable(session, request.actor)
    if session.state != Session.State.HELD or (hidden and not items):
        raise Http404
    data = letters.minutes_pdf(session, items=items)
    line = Line(action="store.session.minutes", target=f"session:{session.pk}")
    record(actor=request.actor, at=request.actor.at, line=line)
    return pdf(data, f"compte-rendu-{session.held_on}.pdf")


def session_or_404(request: StaffRequest, session_id: UUID) -> Session:
    """The session, when there is one."""
    try:
        return sitting.session_for(request.actor, session_id=session_id)
    except UnknownRowError as error:
        raise Http404 from error


def pdf(data: bytes, name: str) -> HttpResponse:
    """A document to take away; its name says nothing of anybody."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def _hidden(number: int) -> str:
    words = ngettext(
        "%(count)s dossier is not shown: you have a link to its publisher.",
        "%(count)s dossiers are not shown: you have a link to their publishers.",
        number,
    )
    return (
        words % {"count": number} if number else _("Votes of single members; they are in the record of each dossier.")
    )
