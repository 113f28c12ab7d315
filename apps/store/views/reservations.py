"""STO-63: answers of the publisher to the reservations, looked at one by one by the assessor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.store.forms.decisions import LiftForm
from apps.store.models import Reservation
from apps.store.services import lifting
from apps.store.views import act_page, answer_lines
from apps.store.views.act_page import ActPage
from apps.store.views.answer_lines import Piece
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.session_acts import METHODS
from apps.ui.components import Pair
from apps.ui.words import day


@case_page(page="reservations")
@require_safe
def reservations(request: CaseRequest) -> HttpResponse:
    """All of them, with the answers."""
    case = request.case
    rows = list(case.reservations.filter(superseded_at=None).order_by("due_on", "id"))
    pieces = answer_lines.named(case, (key for row in rows for key in row.evidence_ids))
    is_assessor = StaffRole.ASSESSOR in request.staff_roles
    context = {
        "rows": [(row, _named(pieces, row)) for row in rows],
        "to_look_at": {row.pk for row in rows if is_assessor and lifting.may_lift(case, reservation=row)},
    }
    return render(request, "store/reservations.html", {**head_of(request, "decide"), **context})


@case_page(StaffRole.ASSESSOR)
@require_http_methods(METHODS)
def reservation_lift(request: CaseRequest, reservation_id: UUID) -> HttpResponse:
    """Lift one, or ask the publisher again."""
    case, now, error = request.case, timezone.now(), None
    row = Reservation.objects.filter(candidacy=case, pk=reservation_id).first()
    if row is None:
        raise Http404
    form = LiftForm(act_page.data_of(request))
    if form.is_valid():
        seen = act_page.seen_of(request)
        given: dict[str, Any] = {"actor": request.actor, "reservation_id": row.pk, "seen": seen, "at": now}
        is_lifted, reason = form.cleaned_data["answer"] == "lift", form.cleaned_data["reason"]
        error = act_page.attempt(
            lambda: lifting.lift(**given) if is_lifted else lifting.send_back(**given, reason=reason)
        )
        if error is None:
            title = _("Reservation lifted") if is_lifted else _("Publisher asked again")
            return act_page.done(request, title, "", "store:reservations", case.pk)
        act_page.say(form, error, at=now)
    pieces = _named(answer_lines.named(case, row.evidence_ids), row)
    context = {**head_of(request, "decide"), "act": _page(request, row), "pieces": pieces}
    return act_page.show(request, "store/case_act.html", form=form, context=context, error=error)


def _page(request: CaseRequest, row: Reservation) -> ActPage:
    return ActPage(
        title=_("Reservation"),
        heading=_("Reservation: %(service)s") % {"service": request.case.service.name},
        pairs=(
            Pair(term=_("Reservation"), value=f"{row.criterion} – {row.text}" if row.criterion else row.text),
            Pair(term=_("To be lifted by"), value=day(row.due_on)),
            Pair(term=_("Answer of the publisher"), value=row.answer or _("not answered yet")),
        ),
        button=_("Save the answer"),
        back_url=reverse("store:reservations", args=[request.case.pk]),
        back_label=_("Change nothing"),
    )


def _named(pieces: Mapping[UUID, Piece], row: Reservation) -> tuple[Piece, ...]:
    """Pieces that the answer names."""
    return tuple(pieces[key] for key in row.evidence_ids if key in pieces)
