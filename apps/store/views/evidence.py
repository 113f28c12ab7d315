"""PU-06: the pieces of evidence of a dossier, adding one, its versions, its content as a download."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.common import limited
from apps.common.dates import PARIS
from apps.files.services import FileGoneError, FileNotReadableError
from apps.store import subjects
from apps.store.forms.evidence import EvidenceForm, upload_of
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy, Evidence
from apps.store.services import evidence as vault
from apps.store.services import evidence_door, evidence_listing, evidence_reading
from apps.store.services.errors import UnknownRowError
from apps.store.views import dossier_refusals
from apps.store.views.dossier_page import context_of
from apps.store.views.dossiers import dossier_of
from apps.store.views.downloads import attached
from apps.store.views.evidence_rows import line_of
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_member
@require_safe
def evidence(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """All current pieces with the state of their antivirus check."""
    candidacy = dossier_of(request, candidacy_id)
    door, today = evidence_door.door_of(candidacy), request.actor.at.astimezone(PARIS).date()
    lines = [line_of(piece, door, today=today) for piece in evidence_listing.pieces_of(candidacy)]
    context = context_of(
        request,
        candidacy,
        _("Pieces of evidence"),
        door=door,
        lines=lines,
        blocked=[line for line in lines if line.piece.is_blocked],
        waiting=sum(not line.piece.is_readable and not line.piece.is_blocked for line in lines),
    )
    return render(request, "store/evidence.html", context)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """A file, what it is and what it proves; `?critere=` ticks one criterion beforehand."""
    candidacy = dossier_of(request, candidacy_id)
    asked = subjects.criteria_of(candidacy)
    if request.method != "POST":
        return _form_page(request, candidacy, EvidenceForm(asked=asked, initial=_initial(request)))
    form = EvidenceForm(request.POST, request.FILES, asked=asked)
    if form.is_valid():
        done = _added(request, candidacy, form)
        if done is not None:
            return done
    return _form_page(request, candidacy, form)


@require_member
@require_safe
def evidence_versions(request: PublisherRequest, evidence_id: UUID) -> HttpResponse:
    """The piece and all that it replaced."""
    piece = piece_of(request, evidence_id)
    today = request.actor.at.astimezone(PARIS).date()
    versions = [line_of(one, evidence_door.CLOSED, today=today) for one in evidence_listing.versions_of(piece)]
    context = context_of(request, piece.candidacy, _("Versions of a piece"), piece=piece, versions=versions)
    return render(request, "store/evidence_versions.html", context)


# No HEAD: it would leave a line in the trail for a content that nobody has taken.
@require_member
@require_http_methods(["GET"])
@limited.by_session("download_session")
def evidence_file(request: PublisherRequest, evidence_id: UUID) -> HttpResponse:
    """The file as it was sent, always as a download; nobody gets what is not clean (S35)."""
    try:
        opened = evidence_reading.open_file(actor=request.actor, evidence_id=evidence_id, at=timezone.now())
    except UnknownRowError as error:
        raise Http404 from error
    except FileNotReadableError as error:
        later = error.state == "waiting"
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE if later else HTTPStatus.GONE)
    except FileGoneError:
        return HttpResponse(status=HTTPStatus.GONE)
    return attached(opened.data, media_type=opened.evidence.media_type, name=opened.evidence.name)


def piece_of(request: PublisherRequest, evidence_id: UUID) -> Evidence:
    """One piece of a dossier of one's own publisher, to be shown."""
    try:
        return evidence_reading.piece_for(request.actor, evidence_id=evidence_id)
    except UnknownRowError as error:
        raise Http404 from error


def _initial(request: PublisherRequest) -> dict[str, object]:
    return {"use": Evidence.Use.EVIDENCE, "criteria": request.GET.getlist("critere")}


def _added(request: PublisherRequest, candidacy: Candidacy, form: EvidenceForm) -> HttpResponse | None:
    """The answer of what was done; None when the form says why nothing was."""
    upload = upload_of(form.cleaned_data["upload"], token=form.cleaned_data["token"])
    if upload is None:
        return None
    now = timezone.now()
    try:
        vault.add(actor=request.actor, candidacy_id=candidacy.pk, upload=upload, description=form.description(), at=now)
    except vault.FileRefusedError as error:
        form.add_error("upload", dossier_refusals.file_words(error))
        return None
    except dossier_refusals.REFUSED as error:
        dossier_refusals.say(form, error, publisher_id=candidacy.publisher_id)
        return None
    detail = _("The antivirus looks at it. The dossier can be sent once it is done.")
    outcome.tell(request, Outcome(title=_("Piece added"), detail=detail, level=messages.SUCCESS))
    return redirect("store:evidence", candidacy.pk)


def _form_page(request: PublisherRequest, candidacy: Candidacy, form: EvidenceForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    door = evidence_door.door_of(candidacy)
    context = context_of(request, candidacy, _("Add a piece"), form=form, door=door)
    return render(request, "store/evidence_add.html", context, status=status)
