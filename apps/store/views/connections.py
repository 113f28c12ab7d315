"""RV-15: connection tests, recorded by the desk until automatic scenarios come with data exchange (STO-65)."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import StaffRole
from apps.store.forms.decisions import TestsForm
from apps.store.models import CandidacyEvent
from apps.store.services import connecting
from apps.store.states import Event, Status
from apps.store.views import act_page
from apps.store.views.act_page import ActPage
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.session_acts import METHODS
from apps.ui.components import Pair
from apps.ui.words import day


@case_page(StaffRole.DESK, page="connection")
@require_http_methods(METHODS)
def connection_tests(request: CaseRequest) -> HttpResponse:
    """Passed or failed, for which build, with a note."""
    case, now, error = request.case, timezone.now(), None
    if case.status != Status.CONNECTION:
        return act_page.overtaken(request, (_("Result recorded"), _("The service can be published.")))
    form = TestsForm(act_page.data_of(request))
    if form.is_valid():
        result, seen = form.tested(), act_page.seen_of(request)
        error = act_page.attempt(
            lambda: connecting.record_tests(actor=request.actor, candidacy_id=case.pk, result=result, seen=seen, at=now)
        )
        if error is None:
            detail = _("The service can be published.") if result.has_passed else _("The publisher tries again.")
            return act_page.done(request, _("Result recorded"), detail, "store:decide", case.pk)
        act_page.say(form, error, at=now)
    page = ActPage(
        title=_("Connection tests"),
        heading=_("Connection tests: %(service)s") % {"service": case.service.name},
        lead=(
            _(
                "Automatic sandbox scenarios come with data exchange. Until then a person of the desk does the tests "
                "with the publisher and records the result here."
            ),
        ),
        pairs=tuple(_pair(event) for event in connecting.results_of(case)),
        button=_("Record the result"),
        back_url=reverse("store:decide", args=[case.pk]),
        back_label=_("Record nothing"),
    )
    context = {**head_of(request, "decide"), "act": page}
    return act_page.show(request, "store/case_act.html", form=form, context=context, error=error)


def _pair(event: CandidacyEvent) -> Pair:
    values = {"build": event.facts.get("build", ""), "result": Event(event.event).label}
    return Pair(term=day(event.at), value=_("%(build)s: %(result)s") % values, note=event.reason)
