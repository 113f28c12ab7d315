"""Lines of the queue: service, step, whom it waits for, due date in words, what to know, who has it (RV-01)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.common.dates import PARIS
from apps.store import reasons
from apps.store.models import Candidacy
from apps.store.services.queues import Pile
from apps.store.states import Queue, Status
from apps.store.views.people_words import called
from apps.ui import words

WEEK = 7
TITLES: Mapping[Pile, str | Promise] = {
    Pile.WAITING: gettext_lazy("What waits"),
    Pile.MINE: gettext_lazy("Mine"),
    Pile.UNASSIGNED: gettext_lazy("Nobody's"),
    Pile.LATE: gettext_lazy("Late"),
    Pile.FLAGGED: gettext_lazy("Flagged"),
    Pile.ALL: gettext_lazy("All"),
}
_ICONS = {"check-failed": "alarm-warning-line", "answer-received": "chat-3-line", "incident": "alarm-warning-line"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """`day` in words; `note` says how far it is, `is_late` that it is over."""

    day: str
    note: str
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    service: str
    about: str
    url: str
    step: str
    waits_for: str
    due: Due | None
    flags: tuple[tuple[str, str], ...]
    assignee: str


def tabs(counts: Mapping[Pile, int], current: Pile) -> tuple[Tab, ...]:
    """Saved views with how many they hold."""
    here = reverse("store:review_queue")
    return tuple(
        Tab(
            label=_("%(tab)s (%(number)s)") % {"tab": TITLES[pile], "number": words.number(counts[pile])},
            url=here if pile is Pile.WAITING else f"{here}?vue={pile.value}",
            is_current=pile is current,
        )
        for pile in Pile
    )


def lead(number: int, late: int) -> str:
    """« 14 dossiers, triés par échéance, la plus proche d'abord. 1 en retard. » Nothing for an empty list."""
    if not number:
        return ""
    said = ngettext(
        "%(number)s dossier, sorted by due date, the nearest first.",
        "%(number)s dossiers, sorted by due date, the nearest first.",
        number,
    ) % {"number": words.number(number)}
    if not late:
        return said
    return f"{said} " + ngettext("%(late)s late.", "%(late)s late.", late) % {"late": words.number(late)}


def lines(rows: Iterable[Candidacy], *, viewer: UUID | None, at: datetime) -> list[Line]:
    """The rows of one page. No query."""
    return [_line(row, viewer, at) for row in rows]


def due_words(due_at: datetime, *, at: datetime) -> Due:
    """The day, and how far it is from today in Paris."""
    day, today = due_at.astimezone(PARIS).date(), at.astimezone(PARIS).date()
    left = (day - today).days
    if due_at < at:
        late = max(-left, 0)
        note = ngettext("%(days)s day late", "%(days)s days late", late) % {"days": late} if late else _("late")
        return Due(day=words.long_day(day), note=note, is_late=True)
    if not left:
        return Due(day=_("Today"), note=words.clock(due_at), is_late=False)
    note = ngettext("in %(days)s day", "in %(days)s days", left) % {"days": left}
    return Due(day=words.long_day(day) if left <= WEEK else words.day(day), note=note, is_late=False)


def _line(row: Candidacy, viewer: UUID | None, at: datetime) -> Line:
    return Line(
        service=row.service.name,
        about=f"{row.number} · {row.publisher.name}",
        url=reverse("store:review_case", args=[row.id]),
        step=str(Status(row.status).label),
        waits_for=str(Queue(row.queue).label) if row.queue else _("nobody"),
        due=due_words(row.due_at, at=at) if row.due_at else None,
        flags=tuple(
            (_ICONS.get(code, "error-warning-line"), str(reasons.HUMAN.get(code, code))) for code in row.reasons
        ),
        assignee=_assignee(row, viewer),
    )


def _assignee(row: Candidacy, viewer: UUID | None) -> str:
    if row.assignee_id is not None and row.assignee_id == viewer:
        return _("you")
    return called(row.assignee)
