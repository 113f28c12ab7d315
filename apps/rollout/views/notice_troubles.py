"""RO-05: lists of notices that need an operator, and what may be done about each."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.rollout.forms.notices import ReturnedForm
from apps.rollout.models import Wave
from apps.rollout.services import notices as service
from apps.rollout.services import returned
from apps.rollout.services.notices import Trouble
from apps.rollout.views import notice_lines
from apps.rollout.views.notices import TEAM
from apps.rollout.views.refusing import refused
from apps.ui import outcome
from apps.ui.outcome import Outcome

LINES_A_PAGE = 50
_PEOPLE = (Trouble.RETURNED, Trouble.UNREAD)


@require_staff(*TEAM)
@require_safe
def notice_trouble(request: StaffRequest, which: str) -> HttpResponse:
    """One list, of all or of the wave in the address; traced with its number of lines (SEC-20)."""
    if which not in set(Trouble):
        raise Http404
    trouble, wave = Trouble(which), _wave(request)
    wave_id = wave.pk if wave is not None else None
    page, lines = _page(request, trouble, wave_id)
    line = Line(action="rollout.notice.list", facts={"shown": len(lines), "which": trouble.value})
    record(actor=request.actor, at=request.actor.at, line=line)
    context = {"trouble": trouble, "title": notice_lines.TITLES[trouble], "wave": wave, "page": page, "lines": lines}
    may_act = StaffRole.OPERATOR in request.staff_roles
    return render(request, "rollout/notice_trouble.html", {**context, "may_act": may_act})


@require_staff(StaffRole.OPERATOR)
@require_POST
def notice_write_again(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """A new notice to somebody who is held."""
    try:
        returned.write_again(actor=request.actor, person_id=person_id, at=timezone.now())
    except returned.UnknownPersonError as error:
        raise Http404 from error
    except returned.NothingToSendError:
        refused(request, _("The register still knows nobody to write to, or this person does not wait any more."))
        return redirect("rollout:notices")
    detail = _("The notice is being prepared. The six weeks begin with its sending.")
    outcome.tell(request, Outcome(title=_("Written again"), detail=detail))
    return redirect("rollout:notices")


@require_staff(StaffRole.OPERATOR)
@require_POST
def notice_by_letter(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    """A letter behind a mail that may not have left."""
    if returned.by_letter(actor=request.actor, notice_id=notice_id, at=timezone.now()):
        detail = _("The six weeks begin with the hand-over to the post.")
        outcome.tell(request, Outcome(title=_("A letter follows"), detail=detail))
    else:
        refused(request, _("This notice does not wait any more."))
    return redirect("rollout:notices")


@require_staff(StaffRole.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def returned_letters(request: StaffRequest) -> HttpResponse:
    """Letters that the post brought back, one by one or by list; what became of each line."""
    form = ReturnedForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        results = request.session.pop("rollout_returned", [])
        return render(request, "rollout/returned_letters.html", {"form": form, "results": results}, status=status)
    lines = returned.enter_returned(actor=request.actor, references=form.cleaned_data["references"], at=timezone.now())
    entered = sum(1 for line in lines if line.result is returned.Entered.RETURNED)
    request.session["rollout_returned"] = [
        {"typed": line.typed[:60], "result": notice_lines.entered_words(line.result)} for line in lines
    ]
    outcome.tell(request, Outcome(title=_("Letters entered: %(count)s") % {"count": entered}))
    return redirect("rollout:returned_letters")


def _page(
    request: StaffRequest, trouble: Trouble, wave_id: UUID | None
) -> tuple[Page[Any], list[notice_lines.TroubleLine]]:
    if trouble in _PEOPLE:
        people = Paginator(service.held_people(trouble=trouble, wave_id=wave_id), LINES_A_PAGE)
        of_people = people.get_page(request.GET.get("page"))
        return of_people, [notice_lines.person_trouble(one) for one in of_people]
    notices = Paginator(service.troubled_notices(trouble=trouble, wave_id=wave_id), LINES_A_PAGE)
    of_notices = notices.get_page(request.GET.get("page"))
    return of_notices, [notice_lines.notice_trouble(one) for one in of_notices]


def _wave(request: StaffRequest) -> Wave | None:
    """The wave of the address; anything else is all of them."""
    try:
        return Wave.objects.filter(pk=UUID(request.GET.get("vague", ""))).first()
    except ValueError:
        return None
