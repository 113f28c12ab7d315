"""What happened to a dossier, event by event, with the people behind it (RV-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.store.models import Candidacy, CandidacyEvent
from apps.store.states import Event, Party, Queue, Status
from apps.store.views.people_words import names_of
from apps.ui import words


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """`what` in words, `then` who was waited for afterwards, `reason` as it was written, `declared` the hash of what
    was declared with it.
    """

    what: str
    at: datetime
    who: str
    then: str
    reason: str
    rule: str
    declared: str = ""


def events(case: Candidacy) -> list[EventLine]:
    """All events, the last first: the events, and two queries for names."""
    rows = list(case.events.order_by("-sequence"))
    named = [str(row.facts.get("assignee", "")) for row in rows if row.facts.get("assignee")]
    names = names_of([*(row.actor for row in rows), *named])
    return [_line(row, names) for row in rows]


def _line(row: CandidacyEvent, names: Mapping[str, str]) -> EventLine:
    party = str(Party(row.by).label) if row.by in Party.values else ""
    name = names.get(row.actor)
    return EventLine(
        what=_what(row, names),
        at=row.at,
        who=_("%(name)s (%(party)s)") % {"name": name, "party": party} if name else _("the portal"),
        then=_then(row),
        reason=row.reason,
        rule=row.rule,
        declared=row.snapshot_hash,
    )


def _what(row: CandidacyEvent, names: Mapping[str, str]) -> str:
    if "assignee" in row.facts:
        name = names.get(str(row.facts["assignee"]))
        return _("assigned to %(name)s") % {"name": name} if name else _("given back to the queue")
    what = str(Event(row.event).label) if row.event in Event.values else row.event
    if row.before == row.after:
        return what
    return _("%(event)s: %(state)s") % {"event": what, "state": Status(row.after).label}


def _then(row: CandidacyEvent) -> str:
    if not row.queue or row.due_at is None:
        return _("Nobody is waited for.")
    values = {"queue": Queue(row.queue).label, "day": words.day(row.due_at)}
    return _("Waiting for: %(queue)s, until %(day)s.") % values
