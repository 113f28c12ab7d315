"""RO-02: list of the files, bringing one, what became of it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.rollout import policies
from apps.rollout.forms.imports import ImportForm
from apps.rollout.jobs import folder
from apps.rollout.models import ImportFile
from apps.rollout.services import import_console
from apps.rollout.validation.columns import OPTIONAL, REQUIRED
from apps.rollout.views import import_words
from apps.rollout.views.traced import traced
from apps.ui import outcome, words
from apps.ui.outcome import Outcome

TEAM = policies.RUNS
FILES_A_PAGE = 20
_NOT_BROUGHT = (
    import_console.ChecksumError, import_console.AlreadyImportedError, import_console.FileMissingError, OSError,
)  # fmt: skip


@require_staff(*TEAM)
@require_safe
@traced("rollout.import.list")
def import_list(request: StaffRequest) -> HttpResponse:
    """All files, the latest first; without any, how a file must be."""
    rows = ImportFile.objects.order_by("-brought_at", "-id")
    page = Paginator(rows, FILES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "required": REQUIRED, "optional": tuple(OPTIONAL)}
    return render(request, "rollout/import_list.html", context)


@require_staff(StaffRole.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: StaffRequest) -> HttpResponse:
    """Bring a file: it is tried at once, nothing is written."""
    names = folder.server_files()
    if request.method != "POST":
        return _form_page(request, ImportForm(server_files=names))
    form = ImportForm(request.POST, request.FILES, server_files=names)
    if not form.is_valid():
        return _form_page(request, form)
    try:
        file = _bring(request, form)
    except import_console.AlreadyThereError as error:
        detail = _("This file was brought before: here it is. Nothing was done.")
        outcome.tell(request, Outcome(title=_("File recognised"), detail=detail))
        return redirect("rollout:import_detail", error.file_id)
    except _NOT_BROUGHT as error:
        form.add_error(None, _why(error))
        return _form_page(request, form)
    outcome.tell(request, Outcome(title=_("File received"), detail=_("The dry run has begun. Nothing is written.")))
    return redirect("rollout:import_detail", file.id)


@require_staff(*TEAM)
@require_safe
@traced("rollout.import.read", target="import:{file_id}")
def import_detail(request: StaffRequest, file_id: UUID) -> HttpResponse:
    """One file: what it would change, what was wrong with it, how far it is; a sample shown is traced (SEC-20)."""
    file = file_or_404(file_id)
    run = file.run or file.trial
    sample = [] if file.is_over else file.sample
    if sample:
        line = Line(action="rollout.import.sample", target=f"import:{file.id}", facts={"shown": len(sample)})
        record(actor=request.actor, at=request.actor.at, line=line)
    context = {
        "file": file,
        "sample": sample,
        "reason": import_words.reason_of(file),
        "kinds": import_words.kinds_of(run),
        "counts": file.run,
        "nothing_kept": file.is_over and file.confirmed_at is None,
        "step": import_words.step_of(file) if file.is_at_work or file.state == ImportFile.State.STOPPED else None,
        "share": words.share(file.refused, file.read) if file.read else "",
        "follows": file.is_at_work and "suivre" in request.GET,
        "may_approve": StaffRole.APPROVER in request.staff_roles and request.user.pk != file.confirmed_by_id,
        "may_run": StaffRole.OPERATOR in request.staff_roles,
    }
    return render(request, "rollout/import_detail.html", context)


def file_or_404(file_id: UUID) -> ImportFile:
    """The file with its runs and its people."""
    rows = ImportFile.objects.select_related("trial", "run", "brought_by", "confirmed_by", "approved_by")
    file = rows.filter(pk=file_id).first()
    if file is None:
        raise Http404
    return file


def _form_page(request: StaffRequest, form: ImportForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "required": REQUIRED, "optional": tuple(OPTIONAL), "back": reverse("rollout:import_list")}
    return render(request, "rollout/import_new.html", context, status=status)


def _bring(request: StaffRequest, form: ImportForm) -> ImportFile:
    values, at = form.cleaned_data, timezone.now()
    if upload := values["upload"]:
        return import_console.bring_upload(
            actor=request.actor, name=upload.name, blocks=upload.chunks(), sha256=values["sha256"], at=at
        )
    return import_console.bring_server_file(
        actor=request.actor, name=values["server_file"], sha256=values["sha256"], at=at
    )


def _why(error: Exception) -> str:
    match error:
        case import_console.ChecksumError():
            return _("The checksum of the file is %(found)s, not the one you typed. Nothing was kept.") % {
                "found": error.sha256
            }
        case import_console.AlreadyImportedError():
            return _("The last import was of this very file (%(moment)s): nothing would change.") % {
                "moment": words.moment(error.at)
            }
        case import_console.FileMissingError():
            return _("This file is not in the folder any more. Choose another one.")
        case _:
            return _(
                "The file could not be kept: the disk of the imports is full or does not answer. Tell the platform."
            )
