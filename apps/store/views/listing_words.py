"""State of a referenced service in words: whose turn it is and until when, for its publisher and the back office."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.store import reasons
from apps.store.models import Listing, ListingEvent
from apps.store.states import Event, ListingStatus, Party, Queue
from apps.store.views.history_lines import EventLine
from apps.store.views.people_words import names_of
from apps.store.views.turn_words import DONE, OURS, SHUT, YOURS, Turn, Viewer
from apps.ui import words

S, Q = ListingStatus, Queue
_WHO: Mapping[Queue, str | Promise] = {
    Q.DESK: gettext_lazy("The desk has to look at it by %(day)s."),
    Q.ASSESSOR: gettext_lazy("An assessor has to look at it by %(day)s."),
    Q.DELEGATE: gettext_lazy("The minister's delegate has to decide by %(day)s."),
    Q.CONFIRMER: gettext_lazy("A second delegate has to sign by %(day)s."),
}
_YOURS: Mapping[ListingStatus, str | Promise] = {
    S.DECLARATION_DUE: gettext_lazy("Your turn: make the yearly declaration by %(day)s."),
    S.AUDIT: gettext_lazy("Your turn: answer the audit by %(day)s."),
    S.FORMAL_NOTICE: gettext_lazy(
        "Your turn: remedy and say so by %(day)s. Without an answer the service is suspended."
    ),
    S.SUSPENDED: gettext_lazy("Your turn: say by %(day)s what was done, so that the suspension can end."),
}
_REST: Mapping[ListingStatus, tuple[str | Promise, str]] = {
    S.PUBLISHED: (gettext_lazy("Nothing is awaited."), DONE),
    S.LEAVING: (gettext_lazy("It leaves the catalogue on %(effect)s."), OURS),
    S.WITHDRAWN: (gettext_lazy("It has left the catalogue."), SHUT),
    S.EXPIRED: (gettext_lazy("The agreement is over: it leaves the catalogue thirty days later."), SHUT),
}
# What waits for a second signature is nobody's business yet (decisions.md 26).
_NOT_YOURS = gettext_lazy("Nothing is awaited of you at the moment.")
_THEIRS = gettext_lazy("The publisher has to act by %(day)s.")


def turn_of(listing: Listing, viewer: Viewer) -> Turn:
    """Who is waited for and until when, without a query."""
    status = ListingStatus(listing.status)
    values = {"day": words.day(listing.due_at), "effect": words.day(listing.effect_on)}
    if not listing.queue:
        sentence, icon = _REST[status]
        return Turn(str(sentence) % values, icon)
    queue = Queue(listing.queue)
    if queue is Queue.CONFIRMER and viewer is Viewer.PUBLISHER:
        return Turn(str(_NOT_YOURS), OURS)
    if queue is Queue.PUBLISHER:
        said = _YOURS[status] if viewer is Viewer.PUBLISHER else _THEIRS
        return Turn(str(said) % values, YOURS if viewer is Viewer.PUBLISHER else OURS)
    return Turn(str(_WHO[queue]) % values, OURS)


def history(listing: Listing, *, is_public: bool = False) -> list[EventLine]:
    """All events, the last first; the publisher reads parties, the back office people.

    Turns within the back office and their words stay there: the form of a return promises so.
    """
    rows = list(listing.events.order_by("-sequence"))
    if is_public:
        rows = [_without_inner_words(row) for row in rows if not _is_inner(row)]
    names = {} if is_public else names_of(row.actor for row in rows)
    return [_line(row, names) for row in rows]


def _is_inner(row: ListingEvent) -> bool:
    return row.event == Event.HAND_OVER and not (_is_theirs(row) or "closed" in row.facts)


def _is_theirs(row: ListingEvent) -> bool:
    is_note = bool({"flag", "closed", "cured"} & set(row.facts))  # the turn is what it was
    return row.by == Party.PUBLISHER or (row.queue == Queue.PUBLISHER and not is_note)


def _without_inner_words(row: ListingEvent) -> ListingEvent:
    if row.event == Event.HAND_OVER and not _is_theirs(row):
        row.reason = ""
    if row.queue == Queue.CONFIRMER:
        row.queue = ""
    return row


def _line(row: ListingEvent, names: Mapping[str, str]) -> EventLine:
    party = str(Party(row.by).label)
    name = names.get(row.actor)
    what = str(reasons.HUMAN.get(row.facts.get("flag", ""), Event(row.event).label))
    if "cured" in row.facts:
        what = str(Event.REMEDIED.label)
    if "closed" in row.facts:
        what = _("closed without action")
    state = ListingStatus(row.after).label
    return EventLine(
        what=what if row.before == row.after else f"{what} · {state}",
        at=row.at,
        who=f"{name} ({party})" if name else party,
        then=str(Queue(row.queue).label) if row.queue else "",
        reason=row.reason,
        rule=row.rule,
    )
