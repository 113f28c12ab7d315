"""Pages of the platform operator (OP-01): states and ids, no person and no content (SEC-19)."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.files import services as files
from apps.files.models import StoredFile
from apps.ui import outcome
from apps.ui.outcome import Outcome

FILES_A_PAGE = 50


@require_staff(StaffRole.PLATFORM)
@require_safe
def quarantine(request: StaffRequest) -> HttpResponse:
    """Files that nobody may read and that wait for an operator."""
    rows = files.in_quarantine(actor=request.actor)
    page = Paginator(rows, FILES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "journeys/quarantine.html", {"page": page})


@require_staff(StaffRole.PLATFORM)
@require_POST
def quarantine_check_again(request: StaffRequest, vault_id: UUID, file_id: UUID) -> HttpResponse:
    try:
        files.check_again(actor=request.actor, vault_id=vault_id, file_id=file_id, at=timezone.now())
    except files.NotInQuarantineError as error:
        raise Http404 from error
    detail = _("It stays blocked until the antivirus has answered.")
    outcome.tell(request, Outcome(title=_("File sent to the antivirus again"), detail=detail))
    return redirect("journeys:quarantine")


@require_staff(StaffRole.PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def quarantine_destroy(request: StaffRequest, vault_id: UUID, file_id: UUID) -> HttpResponse:
    """Give up an infected file; GET asks, POST acts."""
    try:
        file = files.quarantined(actor=request.actor, vault_id=vault_id, file_id=file_id)
        if file.state != StoredFile.State.INFECTED:
            raise Http404
        if request.method != "POST":
            return render(request, "journeys/quarantine_destroy.html", {"file": file})
        files.destroy(actor=request.actor, vault_id=vault_id, file_id=file_id, at=timezone.now())
    except files.NotInQuarantineError as error:
        raise Http404 from error
    outcome.tell(request, Outcome(title=_("File destroyed"), detail=_("Its content is being deleted for good.")))
    return redirect("journeys:quarantine")
