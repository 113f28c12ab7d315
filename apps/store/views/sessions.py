"""RV-13: sessions of the commission, planned and held."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.store.forms.sessions import PlanForm
from apps.store.models import Session
from apps.store.services import sitting
from apps.store.views import act_page
from apps.store.views.act_page import ActPage
from apps.store.views.session_lines import session_line
from apps.ui.words import day

SITS = (StaffRole.SECRETARIAT, StaffRole.MEMBER, StaffRole.DELEGATE)
A_PAGE = 20


@require_staff(*SITS)
@require_safe
def commission(request: StaffRequest) -> HttpResponse:
    """Sessions, the one that comes next at the top of those to come."""
    counted = Session.objects.annotate(dossiers=Count("items"))
    planned = [session_line(one) for one in counted.filter(state=Session.State.PLANNED).order_by("held_on", "id")]
    past = counted.exclude(state=Session.State.PLANNED).order_by("-held_on", "id")
    page = Paginator(past, A_PAGE).get_page(request.GET.get("page"))
    record(actor=request.actor, at=request.actor.at, line=Line(action="store.session.list", target="sessions"))
    context = {
        "planned": planned,
        "over": [session_line(one) for one in page],
        "page": page,
        "may_plan": StaffRole.SECRETARIAT in request.staff_roles,
    }
    return render(request, "store/commission.html", context)


@require_staff(StaffRole.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def commission_plan(request: StaffRequest) -> HttpResponse:
    """Announce a session."""
    form, error, now = PlanForm(act_page.data_of(request)), None, timezone.now()
    if form.is_valid():
        held_on = form.cleaned_data["held_on"]
        error = act_page.attempt(lambda: sitting.plan_session(actor=request.actor, held_on=held_on, at=now))
        if error is None:
            detail = _("Put dossiers on its agenda before the papers leave.")
            title = _("Session of %(day)s planned") % {"day": day(held_on)}
            return act_page.done(request, title, detail, "store:commission")
        act_page.say(form, error, at=now)
    page = ActPage(
        title=_("Plan a session"),
        heading=_("Plan a session of the commission"),
        lead=(_("On a working day, far enough for the papers to leave seven days before."),),
        button=_("Plan the session"),
        back_url=reverse("store:commission"),
        back_label=_("Plan nothing"),
        parents=((_("Commission"), reverse("store:commission")),),
    )
    return act_page.show(request, "store/session_act.html", form=form, context={"act": page}, error=error)
