"""RV-02: the dossier as it was sent, its files, its history."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.common import limited
from apps.files.services import FileGoneError, FileNotReadableError, StoreUnavailableError
from apps.store import orientation, subjects
from apps.store.models import Candidacy, Sheet
from apps.store.services import comparing, evidence_reading
from apps.store.services.errors import UnknownRowError
from apps.store.views import answer_lines, history_lines, sheet_words
from apps.store.views.case_head import head_of
from apps.store.views.case_pages import CaseRequest, case_page
from apps.store.views.downloads import attached
from apps.ui import words
from apps.ui.components import Pair


@case_page(page="dossier")
@require_safe
def review_case(request: CaseRequest) -> HttpResponse:
    """All answers with their pieces, read-only, and how they differ from the dossier before."""
    case = request.case
    before, found = comparing.before(case), answer_lines.read(case)
    sections = answer_lines.sections(case, found, before)
    context = {
        "sections": sections,
        "before": before.number,
        "changed": answer_lines.changed_count(sections),
        "pieces": found.pieces,
        "orientation": _orientation(case),
        "sheet": sheet_words.pairs_of(_sheet(case)),
        "texts": list(subjects.texts_of(case).order_by("direction", "category")),
    }
    return render(request, "store/review_case.html", {**head_of(request, "review_case"), **context})


# No HEAD: it would leave a line in the trail for a content that nobody has taken.
@case_page()
@require_http_methods(["GET"])
@limited.by_session("download_session")
def case_evidence(request: CaseRequest, evidence_id: UUID) -> HttpResponse:
    """A file of the dossier, as it was sent, as an attachment."""
    try:
        opened = evidence_reading.open_file(actor=request.actor, evidence_id=evidence_id, at=timezone.now())
    except (UnknownRowError, FileNotReadableError, FileGoneError) as error:
        raise Http404 from error
    except StoreUnavailableError:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    if opened.evidence.candidacy_id != request.case.id:
        raise Http404
    return attached(opened.data, media_type=opened.evidence.media_type, name=opened.evidence.name)


@case_page(page="history")
@require_safe
def case_history(request: CaseRequest) -> HttpResponse:
    """Each event, who made it, who was waited for afterwards."""
    context = {"events": history_lines.events(request.case)}
    return render(request, "store/case_history.html", {**head_of(request, "case_history"), **context})


def _sheet(case: Candidacy) -> Sheet | None:
    """The page that is written, else the one that is shown: a change after the publication replaces it."""
    return case.sheets.filter(replaced_at=None).order_by(F("shown_at").asc(nulls_first=True), "id").first()


def _orientation(case: Candidacy) -> tuple[Pair, ...]:
    yes = [str(one.label) for one in orientation.QUESTIONS if case.orientation.get(one.name) == orientation.YES]
    return (
        Pair(term=_("Kind of candidacy"), value=case.get_kind_display()),
        Pair(term=_("Kind of service"), value=case.get_service_kind_display()),
        Pair(term=_("Exchange of data"), value=case.get_exchange_display()),
        Pair(term=_("Lane"), value=case.get_lane_display()),
        Pair(term=_("Sent on"), value=words.day(case.submitted_at)),
        Pair(term=_("Answered yes"), value=" ".join(yes) or _("to no question")),
    )
