"""PU-06: a new version of a piece or other words about it, taking it out of the dossier."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.store import subjects
from apps.store.forms.evidence import EvidenceForm, upload_of
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Evidence
from apps.store.services import evidence as vault
from apps.store.services import evidence_door
from apps.store.views import dossier_refusals, dossiers
from apps.store.views.dossier_page import context_of
from apps.store.views.evidence import piece_of
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_change(request: PublisherRequest, evidence_id: UUID) -> HttpResponse:
    """With a file: a new version. Without: other words about the piece, as long as it was not sent."""
    piece = piece_of(request, evidence_id)
    door = evidence_door.door_of(piece.candidacy)
    asked, needs_file = subjects.criteria_of(piece.candidacy), not door.lets_out(piece.added_at)
    if request.method != "POST":
        return _form_page(request, piece, EvidenceForm(asked=asked, needs_file=needs_file, initial=_initial(piece)))
    form = EvidenceForm(request.POST, request.FILES, asked=asked, needs_file=needs_file)
    if form.is_valid():
        done = _changed(request, piece, form)
        if done is not None:
            return done
    return _form_page(request, piece, form)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_remove(request: PublisherRequest, evidence_id: UUID) -> HttpResponse:
    """A page of its own, which says what the piece proved."""
    piece = piece_of(request, evidence_id)
    if request.method != "POST":
        context = context_of(request, piece.candidacy, _("Take this piece out of the dossier?"), piece=piece)
        return render(request, "store/evidence_remove.html", context)
    try:
        vault.remove(actor=request.actor, evidence_id=piece.pk, at=timezone.now())
    except dossier_refusals.REFUSED as error:
        dossier_refusals.tell(request, error, publisher_id=piece.publisher_id)
    else:
        outcome.tell(request, Outcome(title=_("Piece taken out of the dossier")))
    return redirect("store:evidence", piece.candidacy_id)


def _changed(request: PublisherRequest, piece: Evidence, form: EvidenceForm) -> HttpResponse | None:
    """The answer of what was done; None when the form says why nothing was."""
    upload, seen = upload_of(form.cleaned_data["upload"]), form.cleaned_data["seen"]
    given: dict[str, Any] = {
        "actor": request.actor, "evidence_id": piece.pk, "seen": seen, "description": form.description(),
        "at": timezone.now(),
    }  # fmt: skip
    try:
        if upload is not None:
            vault.replace(upload=upload, **given)
            done = Outcome(title=_("Piece replaced"), detail=_("The former version stays in the list of versions."))
        else:
            vault.describe(**given)
            done = Outcome(title=_("Piece changed"))
    except vault.FileRefusedError as error:
        form.add_error("upload", dossier_refusals.file_words(error))
        return None
    except dossier_refusals.REFUSED as error:
        dossier_refusals.say(form, error, publisher_id=piece.publisher_id)
        piece.refresh_from_db(fields=["changed_at", "title"])
        form.data = dossiers.with_values(request.POST, seen=vault.mark_of(piece))  # a second sending is meant
        return None
    outcome.tell(request, done)
    return redirect("store:evidence", piece.candidacy_id)


def _initial(piece: Evidence) -> dict[str, object]:
    names = ("title", "use", "alternative", "issued_on", "valid_until", "criteria")
    return {name: getattr(piece, name) for name in names} | {"seen": vault.mark_of(piece)}


def _form_page(request: PublisherRequest, piece: Evidence, form: EvidenceForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = context_of(request, piece.candidacy, _("Change a piece"), form=form, piece=piece)
    return render(request, "store/evidence_change.html", context, status=status)
