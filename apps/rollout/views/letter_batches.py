"""RO-05: batches of letters, their files, their hand-over to the post."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.common.dates import PARIS
from apps.files.services import FileGoneError, StoreUnavailableError
from apps.rollout.forms.notices import HandOverForm
from apps.rollout.models import LetterBatch
from apps.rollout.services import posting
from apps.rollout.views import notice_lines
from apps.rollout.views.notices import TEAM
from apps.rollout.views.refusing import refused
from apps.rollout.views.traced import traced
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import day, number

MEDIA = {True: "text/csv; charset=utf-8", False: "application/pdf"}


@require_staff(*TEAM)
@require_safe
@traced("rollout.batch.read", target="batch:{batch_id}")
def letter_batch(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Progress, files, what is to be done next."""
    batch = _batch(batch_id)
    files = list(batch.files.exclude(letters=0, pages=0).order_by("place"))
    may_act = StaffRole.OPERATOR in request.staff_roles
    context = {"line": notice_lines.batch_line(batch), "batch": batch, "files": files, "may_act": may_act}
    return render(request, "rollout/letter_batch.html", context)


@require_staff(StaffRole.OPERATOR)
@require_POST
def letter_batches_make(request: StaffRequest) -> HttpResponse:
    """Gather what waits now."""
    made = posting.make_batches(actor=request.actor, wave_id=_wave_id(request), at=timezone.now())
    if made:
        detail = _("The files are made within some minutes.")
        outcome.tell(request, Outcome(title=_("Batches made: %(count)s") % {"count": len(made)}, detail=detail))
    else:
        refused(request, _("No letter waits, or a stop or a pause holds them."))
    return redirect("rollout:notices")


@require_staff(StaffRole.OPERATOR)
@require_safe
def letter_batch_file(request: StaffRequest, batch_id: UUID, place: int) -> HttpResponse:
    """One file for the printer; traced."""
    try:
        file, data = posting.download(actor=request.actor, batch_id=batch_id, place=place, at=timezone.now())
    except (posting.UnknownBatchError, FileGoneError) as error:
        raise Http404 from error
    except StoreUnavailableError:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(data, content_type=MEDIA[file.place == 0], headers=headers)


@require_staff(StaffRole.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_batch_hand_over(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """The day of the post is the sending of all letters of the batch."""
    batch = _batch(batch_id)
    if batch.state != LetterBatch.State.READY or batch.ready_at is None:
        return _not_now(request, batch)
    # Today is the safe mistake: the six weeks of a sending can only end later by it.
    today = timezone.now().astimezone(PARIS).date()
    form = HandOverForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if request.method == "POST" and form.is_valid() and _handed_over(request, batch, form):
        return redirect("rollout:letter_batch", batch_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "batch": batch, "ready_on": batch.ready_at.astimezone(PARIS).date()}
    return render(request, "rollout/letter_batch_hand_over.html", context, status=status)


@require_staff(StaffRole.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_batch_cancel(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Give a batch up; its letters wait for another one."""
    batch = _batch(batch_id)
    if request.method != "POST":
        return render(request, "rollout/letter_batch_cancel.html", {"batch": batch})
    try:
        posting.cancel_batch(actor=request.actor, batch_id=batch_id, at=timezone.now())
    except posting.BatchStateError:
        return _not_now(request, batch)
    detail = _("Its letters wait for another batch. Its files cannot be opened any more.")
    outcome.tell(request, Outcome(title=_("Batch given up"), detail=detail))
    return redirect("rollout:notices")


def _batch(batch_id: UUID) -> LetterBatch:
    found = LetterBatch.objects.select_related("wave").filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found


def _handed_over(request: StaffRequest, batch: LetterBatch, form: HandOverForm) -> bool:
    """False with an error by the field when the day is none of those possible."""
    on, at = form.cleaned_data["on"], timezone.now()
    try:
        letters = posting.hand_over(actor=request.actor, batch_id=batch.pk, on=on, at=at)
    except posting.HandoverDateError as error:
        words = _("Enter a day from %(day)s, when the batch was ready, to today.") % {"day": day(error.ready_on)}
        form.add_error("on", words)
        return False
    except posting.BatchStateError:
        refused(request, _("Somebody else has changed this batch."))
        return True
    detail = _("%(count)s letters. Their six weeks begin on this day.") % {"count": number(letters)}
    outcome.tell(request, Outcome(title=_("Handed over to the post"), detail=detail))
    return True


def _not_now(request: StaffRequest, batch: LetterBatch) -> HttpResponse:
    refused(request, _("This batch is: %(state)s.") % {"state": batch.get_state_display()})
    return redirect("rollout:letter_batch", batch.pk)


def _wave_id(request: StaffRequest) -> UUID | None:
    try:
        return UUID(request.POST["wave"]) if request.POST.get("wave") else None
    except ValueError as error:
        raise Http404 from error
