"""Why an act on a dossier was not done, in words that say what to do (S34, STO-19)."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.dates import PARIS
from apps.store import reasons
from apps.store.services import errors
from apps.store.services.cases import NotAssignedError
from apps.store.services.judging import JUDGED
from apps.store.states import Event
from apps.store.views.people_words import name_of
from apps.ui import outcome, words
from apps.ui.outcome import Outcome

REFUSALS = (
    errors.ChangedError,
    errors.ConflictOfInterestError,
    errors.GuardError,
    errors.SamePersonError,
    errors.TooSoonError,
    errors.TransitionRefusedError,
    errors.WrongValueError,
    NotAssignedError,
)
_SOMEBODY_ELSE = gettext_lazy("This has to be done by somebody else.")
_UNFITTING = gettext_lazy("What was sent does not fit. Look at the page again.")
_PARTS = {
    "assessor": gettext_lazy("The assessor of a dossier neither reads it a second time nor decides about it."),
    "second_reader": gettext_lazy("The second reader of a dossier has no other part in it."),
    "privacy_reader": gettext_lazy("Whoever checks data protection has no other part in the dossier."),
    "override": gettext_lazy("A result of security is set aside by two people: somebody else has to confirm."),
}
_VALUES = {
    "reason": gettext_lazy("Say why."),
    "text": gettext_lazy("Write a text."),
    "note": gettext_lazy("Say to the publisher why: this verdict needs a note."),
    "kind": gettext_lazy("Say which link it is."),
    "items": gettext_lazy("Choose at least one element and say what is missing."),
    "facts": gettext_lazy("Give the ground of law and the facts."),
    "assignee": gettext_lazy("The dossier cannot be given to this person: somebody has it, or they lack the role."),
}


def why_not(error: Exception, *, at: datetime) -> str:
    """Words of one refusal."""
    match error:
        case errors.ChangedError():
            said = _changed(error, at)
        case errors.GuardError():
            said = " ".join(str(reasons.GUARDS[code]) for code in error.missing)
        case errors.SamePersonError():
            said = str(_PARTS.get(error.part, _SOMEBODY_ELSE))
        case errors.ConflictOfInterestError():
            said = _("This person has a link to the publisher: the dossier stays closed to them.")
        case errors.TooSoonError():
            said = _("Asked for too often: possible again %(moment)s.") % {"moment": words.moment(error.again_at)}
        case errors.WrongValueError():
            said = str(_VALUES.get(error.field, _UNFITTING))
        case NotAssignedError():
            said = _("The dossier is not assigned to you in this step. Take it, or have it assigned to you.")
        case _:
            said = _("The dossier stands in a state in which this is not possible.")
    return said


def status_of(error: Exception) -> HTTPStatus:
    """409 where somebody else was quicker, 422 for everything else."""
    return HTTPStatus.CONFLICT if isinstance(error, errors.ChangedError) else HTTPStatus.UNPROCESSABLE_ENTITY


def refused(request: HttpRequest, error: Exception, *, at: datetime) -> None:
    """Tell on the next page that nothing was changed, and why."""
    told = Outcome(title=_("Nothing was changed"), detail=why_not(error, at=at), level=messages.WARNING)
    outcome.tell(request, told)


def _changed(error: errors.ChangedError, at: datetime) -> str:
    """« Modifié par … à 10 h 02 » (S34)."""
    is_today = error.at.astimezone(PARIS).date() == at.astimezone(PARIS).date()
    when = _("at %(time)s") % {"time": words.clock(error.at)} if is_today else words.moment(error.at)
    what = _("verdict given") if error.event == JUDGED else _what(error.event)
    values = {"who": name_of(error.actor), "when": when, "what": what}
    return _("Changed by %(who)s %(when)s (%(what)s). Nothing was overwritten: look at it, then act again.") % values


def _what(event: str) -> str:
    return str(Event(event).label) if event in Event.values else _("changed")
