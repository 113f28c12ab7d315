"""PU-07: check the answers, declare, send; the receipt."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.reauthentication import confirmed_recently
from apps.store.forms.submission import SubmissionForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy
from apps.store.reasons import GUARDS
from apps.store.services import mandates, progress, submitting
from apps.store.services.errors import ChangedError, GuardError, LockedError, NoMandateError
from apps.store.states import Status
from apps.store.views import dossiers, submission_words, turn_words
from apps.store.views.missing_words import missing_of
from apps.store.views.turn_words import Viewer
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """What is missing, what will be sent, who may send it; sending asks who is there once more."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    if request.method == "POST":
        return _confirmed(request, candidacy_id=candidacy.id)
    if not dossiers.is_draft(candidacy):
        return redirect("store:candidacy", candidacy_id)
    return _page(request, candidacy, SubmissionForm(initial={"seen": candidacy.sequence}))


@require_member
@require_safe
def candidacy_receipt(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """Number, date, who sent it, fingerprint of what was declared."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    if candidacy.submitted_at is None:
        raise Http404
    names = progress.names_of(candidacy)
    context = {
        "candidacy": candidacy,
        "pairs": submission_words.receipt_of(candidacy, names),
        "turn": turn_words.turn_of(candidacy, Viewer.PUBLISHER, at=request.actor.at),
    }
    return render(request, "store/candidacy_receipt.html", context)


@confirmed_recently(gettext_lazy("Send the dossier"))
def _confirmed(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """The act itself, by somebody who has proved less than five minutes ago who they are."""
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        return _page(request, dossiers.dossier_of(request, candidacy_id), form)
    try:
        submitting.submit(
            actor=request.actor,
            candidacy_id=candidacy_id,
            charter=form.cleaned_data["charter"],
            seen=form.cleaned_data["seen"],
            at=request.actor.at,
        )
    except (GuardError, NoMandateError) as error:
        form.add_error(None, _why_not(error))
        return _page(request, dossiers.dossier_of(request, candidacy_id), form)
    except (ChangedError, LockedError):
        sent = dossiers.dossier_of(request, candidacy_id)
        if sent.submitted_by_id == request.user.pk and sent.status != Status.ABANDONED:
            return _receipt(request, candidacy_id)  # a second click
        detail = _("Another member of your organisation has sent it or given it up meanwhile.")
        told = Outcome(title=_("The dossier is no draft any more"), detail=detail, level=messages.WARNING)
        outcome.tell(request, told)
        return redirect("store:candidacy", candidacy_id)
    return _receipt(request, candidacy_id)


def _receipt(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    outcome.tell(request, Outcome(title=_("Dossier sent"), detail=_("Keep this page as your receipt.")))
    return redirect("store:candidacy_receipt", candidacy_id)


def _why_not(error: GuardError | NoMandateError) -> str:
    if isinstance(error, NoMandateError):
        return submission_words.mandate_words(error.reason)
    return " ".join(str(GUARDS[code]) for code in error.missing)


def _page(request: PublisherRequest, candidacy: Candidacy, form: SubmissionForm) -> HttpResponse:
    overview = progress.overview_of(candidacy, at=request.actor.at)
    missing = missing_of(overview)
    reason = mandates.why_not(request.member, at=request.actor.at)
    context = {
        "candidacy": candidacy,
        "form": form,
        "missing": missing,
        "pairs": submission_words.contents_of(overview),
        "mandate": submission_words.mandate_words(reason) if reason else "",
        "may_send": not missing and not reason,
    }
    return render(request, "store/candidacy_submit.html", context, status=dossiers.status_of(form))
