"""Read a dossier whole, give it up, take it up again (STO-67, PU-10)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.access import AccessDeniedError
from apps.common.ids import uuid7
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import Candidacy, Member
from apps.store.policies import may_act_for
from apps.store.services import copying, leaving, progress
from apps.store.services.errors import (
    ChangedError,
    TransitionRefusedError,
    UnfinishedError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.states import Status
from apps.store.states.dossier import WITHDRAWABLE
from apps.store.views import dossier_refusals, dossier_words, dossiers, turn_words
from apps.store.views.act_page import seen_of
from apps.store.views.organisation import refused
from apps.store.views.turn_words import Viewer
from apps.ui import outcome
from apps.ui.outcome import Outcome

MAY_WITHDRAW = (Member.Role.OWNER, Member.Role.SIGNATORY)


@require_member
@require_safe
def candidacy_read(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """The whole dossier on one page, to be read and printed."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    context = {
        "candidacy": candidacy,
        "turn": turn_words.turn_of(candidacy, Viewer.PUBLISHER, at=request.actor.at),
        "dossier": dossier_words.dossier_of(candidacy, at=request.actor.at),
    }
    return render(request, "store/candidacy_read.html", context)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def candidacy_withdraw(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """Give it up: what that means first, then the act."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    if request.method != "POST":
        if candidacy.status not in WITHDRAWABLE:
            raise Http404
        if not may_act_for(request.actor, request.member, *MAY_WITHDRAW):
            return refused(request, *MAY_WITHDRAW)
        context = {"candidacy": candidacy, "was_sent": candidacy.status != Status.DRAFT}
        return render(request, "store/candidacy_withdraw.html", context)
    try:
        leaving.withdraw(
            actor=request.actor,
            candidacy_id=candidacy.id,
            seen=seen_of(request),
            at=request.actor.at,
        )
    except ChangedError as error:
        unchanged(request, dossiers.who_and_when(progress.names_of(candidacy), error))
    except TransitionRefusedError:
        unchanged(request, _("This dossier is at its end already."))
    except AccessDeniedError:
        unchanged(request, _("An administrator or a signatory of your organisation gives a candidacy up."))
    else:
        outcome.tell(request, Outcome(title=_("Candidacy given up"), detail=_("You may take it up in a new one.")))
    return redirect("store:candidacy", candidacy.id)


@require_member
@require_http_methods(["GET", "HEAD", "POST"])
def candidacy_copy(request: PublisherRequest, candidacy_id: UUID) -> HttpResponse:
    """A new draft with everything that was written."""
    candidacy = dossiers.dossier_of(request, candidacy_id)
    if request.method != "POST":
        if candidacy.status not in copying.COPIED:
            raise Http404
        return render(request, "store/candidacy_copy.html", {"candidacy": candidacy, "token": uuid7()})
    copied = partial(copying.copy, actor=request.actor, candidacy_id=candidacy.id, at=request.actor.at)
    try:
        return begun(request, copied, title=_("Candidacy %(number)s begun"))
    except WrongValueError as error:
        is_gone = error.field == "listing"
        ended = _("Only a dossier that has come to its end is taken up again.")
        unchanged(request, dossier_refusals.wrong_words(error) if is_gone else ended)
        return redirect("store:candidacy", candidacy.id)


def begun(request: PublisherRequest, make: Callable[..., Candidacy], *, title: str) -> HttpResponse:
    """To the draft that `make` begins with what another dossier says, under the id of the form (`new_id`); to the one
    that is open already, where there is one. Raises `WrongValueError`.
    """
    try:
        made = make(new_id=_token(request))
    except UnfinishedError as error:
        detail = _("Your organisation has a dossier for this service already: here it is.")
        outcome.tell(request, Outcome(title=_("No new dossier"), detail=detail, level=messages.WARNING))
        return redirect("store:candidacy", error.candidacy_id)
    except UnknownRowError as error:
        raise Http404 from error
    detail = _("Your answers, public page, texts and pieces are there. Check what has to change.")
    outcome.tell(request, Outcome(title=title % {"number": made.number}, detail=detail))
    return redirect("store:candidacy", made.id)


def unchanged(request: PublisherRequest, why: str) -> None:
    """Say it on the next page."""
    outcome.tell(request, Outcome(title=_("Nothing was changed"), detail=why, level=messages.WARNING))


def _token(request: PublisherRequest) -> UUID:
    """Id of the dossier to be made: sent twice it is one."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid7()
