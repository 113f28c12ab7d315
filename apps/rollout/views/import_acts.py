"""RO-02: confirming a file, agreeing to it, stopping it, going on, giving it up."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.rollout.forms.imports import ConfirmForm
from apps.rollout.models import ImportFile
from apps.rollout.services import import_console
from apps.rollout.services.errors import SamePersonError
from apps.rollout.views.imports import TEAM, file_or_404
from apps.rollout.views.refusing import refused
from apps.ui import outcome
from apps.ui.outcome import Outcome

Act = Callable[..., ImportFile]
_ERRORS = (
    import_console.WrongStateError, import_console.NotCompleteError, import_console.HalfWrittenError,
    import_console.AtWorkError, SamePersonError,
)  # fmt: skip


@require_staff(StaffRole.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def import_confirm(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """What confirming does, then the act; a second person is asked for where one is needed."""
    file = file_or_404(file_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None, may_be_complete=not file.refused)
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "rollout/import_confirm.html", {"file": file, "form": form}, status=status)
    complete = form.cleaned_data.get("is_complete", False)
    told = Outcome(title=_("Import confirmed"), detail=_("It begins within a minute and goes on by itself."))
    asked = Outcome(title=_("Agreement asked for"), detail=_("Another person with the right to approve decides."))
    needs = complete or file.needs_second_person
    return _do(request, file_id, asked if needs else told, import_console.confirm, is_complete=complete)


@require_staff(StaffRole.APPROVER)
@require_http_methods(["GET", "HEAD", "POST"])
def import_approve(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """The second person looks at the counts and agrees (SEC-21)."""
    if request.method != "POST":
        return render(request, "rollout/import_approve.html", {"file": file_or_404(file_id)})
    told = Outcome(title=_("Import approved"), detail=_("It begins within a minute and goes on by itself."))
    return _do(request, file_id, told, import_console.approve)


@require_staff(*TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def import_abandon(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Give a file up that was not written."""
    if request.method != "POST":
        return render(request, "rollout/import_abandon.html", {"file": file_or_404(file_id)})
    return _do(request, file_id, Outcome(title=_("Import given up")), import_console.abandon)


@require_staff(*TEAM)
@require_POST
def import_stop(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Halt the writing; one person is enough."""
    told = Outcome(
        title=_("Import stopped"),
        detail=_("It halts within seconds. What was written stays; openings wait until the import has gone on."),
    )
    return _do(request, file_id, told, import_console.stop)


@require_staff(StaffRole.OPERATOR)
@require_POST
def import_resume(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """Go on where it stopped."""
    told = Outcome(title=_("Import goes on"), detail=_("It goes on where it stopped, within a minute."))
    return _do(request, file_id, told, import_console.resume)


def _do(request: StaffRequest, file_id: UUID, told: Outcome, act: Act, **values: object) -> HttpResponse:
    try:
        act(actor=request.actor, file_id=file_id, at=timezone.now(), **values)
    except import_console.UnknownFileError as error:
        raise Http404 from error
    except _ERRORS as error:
        refused(request, str(_WHY[type(error)]))
    else:
        outcome.tell(request, told)
    return redirect("rollout:import_detail", file_id)


_WHY: dict[type[Exception], Promise] = {
    import_console.WrongStateError: gettext_lazy("The file has moved on since this page was opened: look at it again."),
    import_console.NotCompleteError: gettext_lazy(
        "Lines of this file were refused: it cannot say who is to be taken out. Correct them and bring the file again."
    ),
    import_console.HalfWrittenError: gettext_lazy(
        "Lines of this file are in the register already: go on with it to the end."
    ),
    import_console.AtWorkError: gettext_lazy(
        "The import has not halted yet, or another one or an opening is at work. Try again in a minute."
    ),
    SamePersonError: gettext_lazy("You confirmed this file yourself. Another person agrees to it."),
}
