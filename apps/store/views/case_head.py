"""Head of every page of a dossier: state, whose turn, until when, flags, people, tabs (RV-02)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.store import reasons
from apps.store.models import Candidacy
from apps.store.states import Status
from apps.store.telling import ROLES
from apps.store.views.case_pages import CaseRequest
from apps.store.views.people_words import called
from apps.store.views.turn_words import Turn, Viewer, turn_of

# Tabs as pages, by name of their address; those of other steps are shown where the page exists.
_TABS: tuple[tuple[str, str | Promise], ...] = (
    ("review_case", gettext_lazy("Dossier")),
    ("admissibility", gettext_lazy("Admissibility")),
    ("criteria_grid", gettext_lazy("Grid")),
    ("case_checks", gettext_lazy("Checks")),
    ("opinion", pgettext_lazy("dossier", "Report")),
    ("case_exchange", gettext_lazy("Exchange")),
    ("case_history", gettext_lazy("History")),
    ("decide", gettext_lazy("Decision")),
)
_READERS = (
    ("desk_officer", gettext_lazy("Desk: %(name)s.")),
    ("assessor", gettext_lazy("Assessor: %(name)s.")),
    ("second_reader", gettext_lazy("Second reader: %(name)s.")),
    ("privacy_reader", gettext_lazy("Data protection: %(name)s.")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`people`: who has which part. `may_take`, `may_assign`: what the reader can do about the turn that runs."""

    state: str
    turn: Turn
    facts: str
    people: tuple[str, ...]
    flags: tuple[str, ...]
    is_mine: bool
    may_take: bool
    may_assign: bool
    tabs: tuple[Tab, ...]


def head_of(request: CaseRequest, current: str) -> dict[str, object]:
    """Context of every page of a dossier: `case`, `head`, `seen`. No query."""
    case = request.case
    role = ROLES.get(case.queue)  # type: ignore[call-overload]  # the empty queue is in no table
    has_role = role in request.staff_roles
    head = Head(
        state=str(Status(case.status).label),
        turn=turn_of(case, Viewer.REVIEW, at=request.actor.at),
        facts=_facts(case),
        people=_people(case),
        flags=tuple(str(reasons.HUMAN.get(code, code)) for code in case.reasons),
        is_mine=case.assignee_id == request.actor.user_id,
        may_take=has_role and case.assignee_id is None and not case.is_apart,  # type: ignore[attr-defined]  # annotated
        may_assign=has_role,
        tabs=_tabs(case, current),
    )
    return {"case": case, "head": head, "seen": case.sequence}


def address_of(name: str, *args: object) -> str:
    """Address of a page of another family, empty while there is none."""
    try:
        return reverse(f"store:{name}", args=args)
    except NoReverseMatch:
        return ""


def _facts(case: Candidacy) -> str:
    values = {"number": case.number, "publisher": case.publisher.name, "version": case.referential}
    return _("Dossier %(number)s, publisher %(publisher)s, grid %(version)s.") % values


def _people(case: Candidacy) -> tuple[str, ...]:
    named = [(words, getattr(case, part)) for part, words in _READERS]
    said = [str(words) % {"name": called(user)} for words, user in named if user is not None]
    parts = {user.pk for _words, user in named if user is not None}
    if case.assignee is not None and case.assignee_id not in parts:
        said.append(_("Assigned to %(name)s.") % {"name": called(case.assignee)})
    return tuple(said)


def _tabs(case: Candidacy, current: str) -> tuple[Tab, ...]:
    found = []
    for name, label in _TABS:
        words = str(label)
        if name == "case_exchange" and (news := getattr(case, "news", 0)):
            words = _("%(tab)s (%(number)s)") % {"tab": words, "number": news}
        if url := address_of(name, case.id):
            found.append(Tab(label=words, url=url, is_current=name == current))
    return tuple(found)
