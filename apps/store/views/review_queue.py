"""RV-01: what waits in the back office, and taking the next dossier."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Fact, Line, record
from apps.store.forms.review_queue import QueueFilterForm
from apps.store.policies import REVIEW
from apps.store.services import assigning, queues
from apps.store.services.queues import Pile
from apps.store.views import queue_lines
from apps.ui import outcome
from apps.ui.components import ActiveFilter, FilterPanel
from apps.ui.outcome import Outcome

TEAM = tuple(sorted(REVIEW - {StaffRole.MEMBER}))  # no queue waits for a member of the commission
A_PAGE = 20


@require_staff(*TEAM)
@require_safe
def review_queue(request: StaffRequest) -> HttpResponse:
    """Dossiers of one saved view, by due date; counts of all of them."""
    pile, form = _pile(request), QueueFilterForm(request.GET)
    active, counts = form.active(), queues.counts(request.actor)
    rows = queues.dossiers(request.actor, pile=pile, filters=active)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    at, who = request.actor.at, request.actor.user_id
    context: dict[str, object] = {
        "page": page,
        "heading": queue_lines.TITLES[pile],
        "lead": queue_lines.lead(page.paginator.count, counts[Pile.LATE]),
        "tabs": queue_lines.tabs(counts, pile),
        "lines": queue_lines.lines(page.object_list, viewer=who, at=at),
        "form": form,
        "panel": _panel(form, active, pile),
        "may_take": counts[Pile.UNASSIGNED] > 0,
        "next_due": None if page.object_list else queues.next_due(request.actor),
    }
    facts: dict[str, Fact] = {"view": pile.value, "shown": len(page.object_list), "filters": " ".join(sorted(active))}
    record(actor=request.actor, at=at, line=Line(action="store.case.list", facts=facts))
    return render(request, "store/review_queue.html", context)


@require_staff(*TEAM)
@require_POST
def take_next(request: StaffRequest) -> HttpResponse:
    """« Prendre le suivant »: the dossier is the reader's, and opens."""
    try:
        taken = assigning.take_next(actor=request.actor, at=timezone.now())
    except AccessDeniedError as error:
        raise Http404 from error
    if taken is None:
        detail = _("Every dossier that waits for your role is assigned, or is not for you.")
        outcome.tell(request, Outcome(title=_("Nothing to take"), detail=detail))
        return redirect("store:review_queue")
    detail = _("Dossier %(number)s is assigned to you.") % {"number": taken.number}
    outcome.tell(request, Outcome(title=_("Dossier taken"), detail=detail))
    return redirect("store:review_case", taken.id)


def _pile(request: StaffRequest) -> Pile:
    asked = request.GET.get("vue", "")
    return Pile(asked) if asked in set(Pile) else Pile.WAITING


def _panel(form: QueueFilterForm, active: dict[str, str], pile: Pile) -> FilterPanel:
    view = {} if pile is Pile.WAITING else {"vue": pile.value}

    def without(name: str) -> str:
        rest = view | {other: value for other, value in active.items() if other != name}
        return reverse("store:review_queue") + (f"?{urlencode(rest)}" if rest else "")

    return FilterPanel(
        form=form,
        action=reverse("store:review_queue"),
        name=_("Filter the dossiers"),
        hidden=tuple(view.items()),
        active=tuple(
            ActiveFilter(label=_said(form, name, value), without_url=without(name)) for name, value in active.items()
        ),
    )


def _said(form: QueueFilterForm, name: str, value: str) -> str:
    field = form.fields[name]
    chosen = dict(getattr(field, "choices", [])).get(value, value)
    return str(field.label) if value == "on" else f"{field.label}\N{NO-BREAK SPACE}: {chosen}"
