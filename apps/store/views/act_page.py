"""Pages with one act: what it does, a form, what was refused in words; the same for sessions and dossiers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.access import AccessDeniedError
from apps.files import services as files
from apps.store.forms.values import whole_number
from apps.store.services import errors
from apps.store.services.noticing import NotConfirmedError
from apps.store.views import case_refusals
from apps.store.views.case_pages import CaseRequest
from apps.ui import outcome
from apps.ui.components import Effect, Pair
from apps.ui.forms import EnsForm
from apps.ui.outcome import Outcome

T = TypeVar("T")
_STORAGE = (files.StoreUnavailableError, files.FileGoneError, files.FileNotReadableError)
_VALUES = {
    ("held_on", "too-soon"): gettext_lazy("Choose a later day: the papers leave seven days before a session."),
    ("held_on", "too-late"): gettext_lazy("Choose a day within two years."),
    ("held_on", "no-workday"): gettext_lazy("Choose a working day."),
    ("held_on", "taken"): gettext_lazy("A session is planned or was cancelled on this day: choose another one."),
    ("papers", "sent"): gettext_lazy("The papers of this session have left: its agenda is closed."),
    ("papers", "too-late"): gettext_lazy(
        "The papers leave seven days before a session: choose one that is further away."
    ),
    ("papers", "too-soon"): gettext_lazy("The papers leave seven days before the session, not earlier."),
    ("items", "none"): gettext_lazy("Put a dossier on the agenda first."),
    ("items", "open"): gettext_lazy("A dossier has no opinion yet: record it, or move the dossier to another session."),
    ("members", "none"): gettext_lazy("No member is in office on the day of the session."),
    ("members", "too-few"): gettext_lazy(
        "Too few members without a link to a publisher are in office on that day: a quorum cannot be reached."
    ),
    ("presence", "not-in-office"): gettext_lazy("Somebody who was ticked is not in office on the day of the session."),
    ("presence", "has-voted"): gettext_lazy("Somebody whose vote counts in an opinion cannot be unticked."),
    ("day", "not-yet"): gettext_lazy("The session has not begun: this is done from its day on."),
    ("day", "over"): gettext_lazy("The day of this session is over: choose another one."),
    ("state", "held"): gettext_lazy("This session is over: nothing of it changes."),
    ("state", "cancelled"): gettext_lazy("This session was cancelled: nothing of it changes."),
    ("to", "missing"): gettext_lazy("Choose the session that takes its dossiers over."),
    ("to", "same"): gettext_lazy("Choose another session."),
    ("opinion", "given"): gettext_lazy("The opinion is recorded: it does not change."),
    ("opinion", "against-votes"): gettext_lazy("This opinion contradicts the votes. Choose one that follows them."),
    ("quorum", "missing"): gettext_lazy(
        "The quorum is not reached for this dossier: no opinion can be recorded. Move it to another session."
    ),
    ("votes", "missing"): gettext_lazy("Record the vote of each member who is there first."),
    ("votes", "linked"): gettext_lazy("A member with a link to the publisher has no vote."),
    ("votes", "absent"): gettext_lazy("Somebody who is not there has no vote. Look at the page again."),
    ("reservations", "missing"): gettext_lazy("This opinion needs a reservation with its day."),
    ("reservations", "none-allowed"): gettext_lazy("This opinion has no reservations: choose another one, or none."),
    ("reservations", "suspensive"): gettext_lazy(
        "A reservation is to be lifted before publication: choose the opinion with suspensive reservations."
    ),
    ("reservations", "suspensive-missing"): gettext_lazy(
        "This opinion needs a reservation that is to be lifted before publication."
    ),
    ("reservations", "due_on"): gettext_lazy("The day of a reservation comes after the session."),
    ("reservations", "too-late"): gettext_lazy(
        "What is to be lifted before publication has ninety days after the session at most."
    ),
    ("text", "missing"): gettext_lazy("An unfavourable opinion needs words."),
    ("answer", "missing"): gettext_lazy("The publisher has not answered this reservation."),
    ("lifted", "already"): gettext_lazy("This reservation is lifted already."),
    ("document_hash", "other-document"): gettext_lazy(
        "The document is not the one that was agreed on: nobody can sign it. Tell those who run the portal."
    ),
    ("effect_on", "past"): gettext_lazy("The day is over already: choose a later one."),
    ("effect_on", "too-late"): gettext_lazy("Choose a day six months from today at most."),
    ("decision", "proposed"): gettext_lazy(
        "A decision about this service is awaited: this is possible again once it is taken."
    ),
    ("decision", "nothing-proposed"): gettext_lazy("Nothing waits for a second signature. Look at the page again."),
    ("listing", "over"): gettext_lazy("This service has left the catalogue: it cannot be published again."),
}
_FIELDS = {"status": gettext_lazy("In this state of the service that is not possible. Look at the page again.")}
_PARTS = {
    "decided_by": gettext_lazy("You took this decision yourself: somebody else has to do this."),
    "answered_by": gettext_lazy("You answered this reservation yourself: somebody else has to do this."),
    "signature": gettext_lazy("You have signed this agreement for another party."),
    "assessor": gettext_lazy("You assessed this dossier: somebody else decides about it."),
    "second_reader": gettext_lazy("You read this dossier as its second reader: somebody else decides about it."),
}

_UNREADABLE = gettext_lazy("The document cannot be read: nothing was done. Tell those who run the portal.")
_KINDS = {
    errors.ConflictOfInterestError: gettext_lazy("Declare first whether you have a link to the publisher."),
    files.StoreUnavailableError: gettext_lazy(
        "Our storage does not answer at the moment: nothing was done. Try again in a few minutes."
    ),
    files.FileGoneError: _UNREADABLE,
    files.FileNotReadableError: _UNREADABLE,
    NotConfirmedError: gettext_lazy("A second person has to confirm before the notice leaves."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """Words of a page: title, what the act does, the button, the way back without acting. No button where there is
    nothing to choose from.
    """

    title: str
    heading: str
    button: str
    back_url: str
    back_label: str
    lead: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    effects: tuple[Effect, ...] = ()
    parents: tuple[tuple[str, str], ...] = field(default=())


def show(
    request: HttpRequest, template: str, *, form: EnsForm, context: Mapping[str, object], error: Exception | None = None
) -> HttpResponse:
    """The page with its form; 422 when the form is not right, 409 when somebody else was quicker."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and not form.is_valid() else HTTPStatus.OK
    if error is not None:
        status = case_refusals.status_of(error)
    values = {"seen": 0, "documents": (), **context, "form": form}
    if "seen" in request.POST and not isinstance(error, errors.ChangedError):
        values["seen"] = seen_of(request)  # only who was told of the newer state has seen it (S34)
    return render(request, template, values, status=status)


def done(request: HttpRequest, title: str, detail: str, to: str, *args: object) -> HttpResponse:
    """Tell what was done, on the next page."""
    outcome.tell(request, Outcome(title=title, detail=detail))
    return redirect(to, *args)


def overtaken(request: CaseRequest, told: tuple[str, str]) -> HttpResponse:
    """Answer to an act on a dossier that stands elsewhere by now: `told` of one's own second click, else who was
    quicker (S34). A page that is only opened does not exist, nor does one of a dossier to which nothing has happened.
    """
    case = request.case
    last = case.events.order_by("-sequence").first()
    if request.method != "POST" or last is None:
        raise Http404
    if last.actor == str(request.user.pk) and last.sequence > seen_of(request):
        return done(request, *told, "store:decide", case.pk)
    case_refusals.refused(
        request, errors.ChangedError(event=last.event, actor=last.actor, at=last.at), at=timezone.now()
    )
    return redirect("store:decide", case.pk)


def attempt(act: Callable[[], object]) -> Exception | None:
    """Do it. Returns why not, None when it is done; what does not exist for this person is a 404."""
    try:
        act()
    except (errors.UnknownRowError, AccessDeniedError) as error:
        raise Http404 from error
    except (*case_refusals.REFUSALS, *_STORAGE, NotConfirmedError) as error:
        return error
    return None


def opened(read: Callable[[], T]) -> T:
    """What a service gives out of a vault; 404 where it does not exist for this person or cannot be read."""
    try:
        return read()
    except (errors.UnknownRowError, AccessDeniedError, files.FileGoneError, files.FileNotReadableError) as error:
        raise Http404 from error


def say(form: EnsForm, error: Exception, *, at: datetime) -> None:
    """Put the refusal into the form, beside its field where there is one; what was typed stays."""
    field_name = error.field if isinstance(error, errors.WrongValueError) and error.field in form.fields else None
    form.add_error(field_name, why_not(error, at=at))


def why_not(error: Exception, *, at: datetime) -> str:
    """Words of one refusal."""
    known: object = None
    match error:
        case errors.WrongValueError():
            known = _VALUES.get((error.field, error.reason)) or _FIELDS.get(error.field)
        case errors.SamePersonError():
            known = _PARTS.get(error.part)
        case _:
            known = next((words for kind, words in _KINDS.items() if isinstance(error, kind)), None)
    return str(known) if known is not None else case_refusals.why_not(error, at=at)


def seen_of(request: HttpRequest) -> int:
    """Sequence that the page had shown; one that is no number is older than any."""
    return whole_number(request.POST.get("seen", ""))


def data_of(request: HttpRequest) -> Mapping[str, object] | None:
    """What a form is bound to: nothing while the page is only opened."""
    return request.POST if request.method == "POST" else None
