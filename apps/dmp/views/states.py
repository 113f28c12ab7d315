"""States of one document in words: the lines under its heading, and why its content is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.dmp.models import Document
from apps.dmp.services import Neighbours, Reading
from apps.dmp.words import hidden_words, replaced_words
from apps.formats.documents import refusal_words


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLine:
    """One line under the heading."""

    text: str
    icon: str


_WAITING = gettext_lazy(
    "The document is being checked for viruses. It can be read once the check is over: come back in a few minutes."
)
_PARKED = gettext_lazy(
    "The check for viruses could not be finished. Our team has been told and will try again. "
    "Nobody can open the document until then."
)
_AWAY = gettext_lazy("Our storage does not answer at the moment. The document is not lost: try again in a few minutes.")
_INFECTED = gettext_lazy(
    "The check found a virus in this document. Nobody can open it. The one who filed it must send it again."
)
_GONE = gettext_lazy(
    "The content of this document cannot be found at the moment. Its description stays. "
    "Try again later, or ask the one who filed it."
)


_CHECKED = gettext_lazy("Being checked")
_REFUSED = pgettext_lazy("state of a document", "Refused")
_PROBLEMS = {
    "waiting": (_CHECKED, _WAITING),
    "parked": (_CHECKED, _PARKED),
    "infected": (_REFUSED, _INFECTED),
    "destroyed": (_REFUSED, _INFECTED),
    "away": (gettext_lazy("Content not available for the moment"), _AWAY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why the content is not shown, and what will happen or can be done."""

    title: str
    text: str | Promise


def state_lines(document: Document, neighbours: Neighbours, *, is_own: bool) -> tuple[StateLine, ...]:
    """Visibility, then what became of this version (DMP-05)."""
    return tuple(_states(document, neighbours, is_own=is_own))


def problem_of(reading: Reading) -> Problem | None:
    """None when the document can be read."""
    if not reading.problem:
        return None
    if reading.problem == "unreadable":
        reason = refusal_words(reading.error) if reading.error else _("The file cannot be read.")
        text = _("%(reason)s You can download the original, unchanged.") % {"reason": reason}
        return Problem(title=_("This document cannot be shown"), text=text)
    title, words = _PROBLEMS.get(reading.problem, (gettext_lazy("Content not available"), _GONE))
    return Problem(title=str(title), text=words)


def _states(document: Document, neighbours: Neighbours, *, is_own: bool) -> Iterator[StateLine]:
    if document.hidden_at is not None:
        yield StateLine(icon="eye-off-line", text=hidden_words(document.hidden_at))
    else:
        words = (
            _("Visible to your carers, with your agreement")
            if is_own
            else _("Visible to carers, with the agreement given in this space")
        )
        yield StateLine(icon="eye-line", text=words)
    if neighbours.successor is not None:
        yield StateLine(icon="stack-line", text=replaced_words(neighbours.successor.received_at))
    elif document.availability == Document.Availability.DEPRECATED:
        yield StateLine(icon="stack-line", text=_("Replaced version, no longer the current one"))
    elif document.availability == Document.Availability.ARCHIVED:
        yield StateLine(icon="archive-line", text=_("Archived"))
