"""RV-15, publisher's side: signing the agreement, after showing again who one is (decisions.md 37)."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts.reauthentication import confirmed_recently
from apps.files.services import FileGoneError, FileNotReadableError
from apps.store.forms.exchange import SignForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Agreement, Candidacy
from apps.store.services import mandates, signing
from apps.store.services.errors import UnknownRowError, WrongValueError
from apps.store.states import Queue, Status
from apps.store.views import dossier_refusals
from apps.store.views.dossier_page import context_of
from apps.store.views.dossiers import dossier_of
from apps.store.views.exchange import METHODS
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_member
@confirmed_recently(gettext_lazy("Sign an agreement"))
@require_http_methods(METHODS)
def candidacy_sign(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """One page with the document, its hash and what the signature is worth."""
    candidacy, now = dossier_of(request, candidacy_id), timezone.now()
    agreement = signing.agreement_of(candidacy)
    if agreement is None:
        raise Http404
    if request.method != "POST" and not _is_to_sign(candidacy):
        return redirect("store:decision", candidacy.pk)  # which says whose turn it is
    initial = {"document_hash": agreement.document_hash, "seen": candidacy.sequence}
    form = SignForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _signed(request, candidacy, form)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = _context(request, candidacy, agreement) | {
        "form": form,
        "why_not": mandates.why_not(request.member, at=now),
    }
    return render(request, "store/candidacy_sign.html", context, status=status)


def _context(request: PublisherRequest, candidacy: Candidacy, agreement: Agreement) -> dict[str, object]:
    return context_of(request, candidacy, _("Sign the agreement"), agreement=agreement)


def _is_to_sign(candidacy: Candidacy) -> bool:
    return candidacy.status == Status.AGREEMENT and candidacy.queue == Queue.PUBLISHER


def _signed(request: PublisherRequest, candidacy: Candidacy, form: SignForm) -> HttpResponse:
    found = form.cleaned_data
    try:
        signing.sign_for_publisher(
            actor=request.actor,
            candidacy_id=candidacy.pk,
            document_hash=found["document_hash"],
            seen=found["seen"],
            at=timezone.now(),
        )
    except UnknownRowError as error:
        raise Http404 from error
    except (FileGoneError, FileNotReadableError):
        wrong = WrongValueError("document_hash", "other-document")
        dossier_refusals.tell(request, wrong, publisher_id=candidacy.publisher_id)
    except dossier_refusals.REFUSED as error:
        dossier_refusals.tell(request, error, publisher_id=candidacy.publisher_id)
    else:
        detail = _("The health insurance signs next, then the minister's delegate. You will get a mail.")
        outcome.tell(request, Outcome(title=_("Agreement signed"), detail=detail))
    return redirect("store:decision", candidacy.pk)
