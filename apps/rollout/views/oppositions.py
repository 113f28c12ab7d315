"""RO-06: what waits for an operator first, then the oppositions; one opposition with its proofs."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Fact, Line, record
from apps.common.dates import PARIS, midnight
from apps.files.models import StoredFile
from apps.files.services import FileGoneError, FileNotReadableError, StoreUnavailableError
from apps.formats import media
from apps.rollout.forms.intake import OppositionFilterForm
from apps.rollout.models import Claim, Conflict, Opposition, OppositionLetter
from apps.rollout.services import scans
from apps.rollout.views import intake_lines
from apps.ui.components import ActiveFilter, FilterPanel

TEAM = (StaffRole.OPERATOR, StaffRole.SUPPORT, StaffRole.APPROVER)
A_PAGE = 20
SHOWN = 50  # of what waits, the most urgent first
_HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
_SUFFIXES = {media.PDF: "pdf", media.JPEG: "jpg"}


@require_staff(*TEAM)
@require_safe
def oppositions(request: StaffRequest) -> HttpResponse:
    """Claims and conflicts that wait, overdue first; below them the oppositions, the latest first."""
    form = OppositionFilterForm(request.GET)
    active = form.active()
    page = Paginator(_filtered(active), A_PAGE).get_page(request.GET.get("page"))
    waiting = Claim.objects.filter(state=Claim.State.WAITING)
    conflicts = Conflict.objects.filter(decided_at=None).select_related("person__identity")
    today = request.actor.at.astimezone(PARIS).date()
    context = {
        "page": page,
        "lines": [intake_lines.opposition_line(one) for one in page.object_list],
        "waiting": waiting.count(),
        "claims": [intake_lines.claim_line(one, today=today) for one in waiting.order_by("due_on", "id")[:SHOWN]],
        "conflicts": [intake_lines.conflict_line(one) for one in conflicts.order_by("opened_at", "id")[:SHOWN]],
        "form": form,
        "panel": _panel(form, active),
    }
    facts: dict[str, Fact] = {"shown": len(page.object_list), "filters": " ".join(sorted(active))}
    record(actor=request.actor, at=request.actor.at, line=Line(action="rollout.opposition.list", facts=facts))
    return render(request, "rollout/oppositions.html", context)


@require_staff(*TEAM)
@require_safe
def opposition_detail(request: StaffRequest, opposition_id: UUID) -> HttpResponse:
    """One opposition with its proof; each opening is traced."""
    opposition = _opposition_or_404(opposition_id)
    line = Line(action="rollout.opposition.read", target=f"opposition:{opposition.pk}")
    record(actor=request.actor, at=request.actor.at, line=line)
    file = scans.scan_state(vault_id=opposition.scan_vault_id, file_id=opposition.scan_file_id)
    context = {
        "opposition": opposition,
        "person": intake_lines.person_words(opposition.person),
        "pairs": intake_lines.opposition_pairs(opposition),
        "scan": file,
        "letters": _letters(opposition),
        "conflicts": list(opposition.conflicts.order_by("-opened_at", "-id")),
        "may_see_person": not {StaffRole.OPERATOR, StaffRole.APPROVER}.isdisjoint(request.staff_roles),
    }
    return render(request, "rollout/opposition_detail.html", context)


@require_staff(*TEAM)
@require_http_methods(["GET"])
def opposition_scan(request: StaffRequest, opposition_id: UUID) -> HttpResponse:
    """The scanned letter, as an attachment, once the antivirus found nothing."""
    opposition = _opposition_or_404(opposition_id)
    file = scans.scan_state(vault_id=opposition.scan_vault_id, file_id=opposition.scan_file_id)
    return scan_answer(request, file, target=f"opposition:{opposition.pk}", name=opposition.reference)


@require_staff(*TEAM)
@require_http_methods(["GET"])
def opposition_letter(request: StaffRequest, opposition_id: UUID, letter_id: UUID) -> HttpResponse:
    """The scan of a letter that came later: a confirmation, a change of mind."""
    letter = OppositionLetter.objects.filter(pk=letter_id, opposition=opposition_id).first()
    if letter is None:
        raise Http404
    file = scans.scan_state(vault_id=letter.scan_vault_id, file_id=letter.scan_file_id)
    return scan_answer(request, file, target=f"opposition:{opposition_id}", name="courrier")


def scan_answer(request: StaffRequest, file: StoredFile | None, *, target: str, name: str) -> HttpResponse:
    """A scan, or 404 while nobody may read it."""
    if file is None:
        raise Http404
    try:
        content = scans.read_scan(actor=request.actor, file=file, target=target, at=timezone.now())
    except (FileNotReadableError, FileGoneError) as error:
        raise Http404 from error
    except StoreUnavailableError:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    response = HttpResponse(content.data, content_type=content.media_type, headers=_HEADERS)
    suffix = _SUFFIXES.get(content.media_type, "bin")
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def _letters(opposition: Opposition) -> list[tuple[OppositionLetter, StoredFile | None]]:
    """Letters that came later, the oldest first, each with its scan: a query a letter, there are one or two."""
    return [
        (one, scans.scan_state(vault_id=one.scan_vault_id, file_id=one.scan_file_id))
        for one in opposition.letters.order_by("received_at", "id")
    ]


def _filtered(active: dict[str, str]) -> QuerySet[Opposition]:
    rows = Opposition.objects.select_related("person__identity", "by")
    if channel := active.get("channel"):
        rows = rows.filter(channel=channel)
    match active.get("state"):
        case "standing":
            rows = rows.filter(withdrawn_at=None)
        case "withdrawn":
            rows = rows.exclude(withdrawn_at=None)
        case "late":
            rows = rows.filter(closed_space=True)
    if since := active.get("since"):
        rows = rows.filter(entered_at__gte=midnight(date.fromisoformat(since)))
    return rows.order_by("-entered_at", "-id")


def _panel(form: OppositionFilterForm, active: dict[str, str]) -> FilterPanel:
    def without(name: str) -> str:
        rest = {other: value for other, value in active.items() if other != name}
        return reverse("rollout:oppositions") + (f"?{urlencode(rest)}" if rest else "")

    return FilterPanel(
        form=form,
        action=reverse("rollout:oppositions"),
        name=_("Filter the oppositions"),
        active=tuple(
            ActiveFilter(label=intake_lines.filter_words(form, name, value), without_url=without(name))
            for name, value in active.items()
        ),
    )


def _opposition_or_404(opposition_id: UUID) -> Opposition:
    rows = Opposition.objects.select_related("person__identity", "by", "withdrawn_by")
    opposition = rows.filter(pk=opposition_id).first()
    if opposition is None:
        raise Http404
    return opposition
