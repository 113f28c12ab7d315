"""PU-01: the way to referencing, for everybody; the home of publishers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.access import Role
from apps.accounts import sessions
from apps.accounts.models import User
from apps.common import sheets
from apps.common.dates import PARIS
from apps.store import criteria, orientation, roadmap
from apps.store.criteria import Criterion, Section
from apps.store.models import Candidacy, Member, Session

NEXT_SESSIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """One of the six steps; `here`: numbers of the reader's own dossiers that are in it."""

    step: roadmap.Step
    time: str
    here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A section with its criteria."""

    section: Section
    criteria: tuple[Criterion, ...]


@require_safe
def publisher_home(request: HttpRequest) -> HttpResponse:
    """Steps, criteria, what to have at hand, next sessions. Three queries for a member, one for visitors."""
    is_publisher = isinstance(request.user, User) and request.session.get(sessions.ROLE) == Role.PUBLISHER
    member = _member_of(request.user) if is_publisher and isinstance(request.user, User) else None
    context = {
        "is_publisher": is_publisher,
        "member": member,
        "steps": _steps(member),
        "roadmaps": (
            (_("Without exchange of data"), roadmap.roadmap(exchange=False)),
            (_("With exchange of data"), roadmap.roadmap(exchange=True)),
        ),
        "at_hand": roadmap.AT_HAND,
        "sections": _sections(),
        "number": len(criteria.criteria_of(criteria.CURRENT)),
        "version": criteria.CURRENT,
        "sessions": _next_sessions(timezone.now().astimezone(PARIS).date()),
    }
    return render(request, "store/publisher_home.html", context)


@require_safe
def criteria_csv(_request: HttpRequest) -> StreamingHttpResponse:
    """The criteria of the version in force, for a spreadsheet (SEC-31)."""
    seen_by = {"auto": _("automatic check"), "human": _("a person"), "both": _("automatic check, then a person")}
    header = [
        _("Code"), _("Section"), _("Criterion"), _("Applies if"), _("Evidence accepted"), _("Seen by"), _("Blocking"),
    ]  # fmt: skip
    rows = (
        (
            one.code,
            criteria.section_of(one).label,
            one.question,
            applies_words(one.tag),
            one.evidence,
            seen_by[one.check],
            _("yes") if one.is_blocking else _("no"),
        )
        for one in criteria.criteria_of(criteria.CURRENT)
    )
    name = f"criteres-{criteria.CURRENT}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = sheets.lines(header=header, rows=rows)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def applies_words(tag: str) -> str:
    """To which services a criterion applies: the question of the orientation that opens it."""
    fixed = {
        "all": _("every service"),
        "exchange": _("The service exchanges data with the spaces."),
        "exchange_write": _("The service writes into the spaces."),
    }
    if tag in fixed:
        return fixed[tag]
    return str(next(question.label for question in orientation.QUESTIONS if question.tag == tag))


def _member_of(user: User) -> Member | None:
    return Member.objects.select_related("publisher").filter(user=user, ended_at=None).first()


def _steps(member: Member | None) -> tuple[ShownStep, ...]:
    here = _own_dossiers(member) if member is not None else {}
    return tuple(
        ShownStep(step=step, time=roadmap.usual_time(place), here=tuple(here.get(place, ())))
        for place, step in enumerate(roadmap.STEPS, start=1)
    )


def _own_dossiers(member: Member) -> dict[int, list[str]]:
    """Numbers of dossiers on their way, by step."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Candidacy.objects.filter(publisher_id=member.publisher_id).open().order_by("number")
    for number, status in rows.values_list("number", "status"):
        place = roadmap.step_of(status)
        if place is not None:
            found[place].append(number)
    return found


def _sections() -> tuple[ShownSection, ...]:
    every = criteria.criteria_of(criteria.CURRENT)
    return tuple(
        ShownSection(section=section, criteria=criteria.in_section(every, section.slug))
        for section in criteria.SECTIONS
    )


def _next_sessions(today: date) -> list[date]:
    planned = Session.objects.filter(state=Session.State.PLANNED, held_on__gte=today)
    return list(planned.order_by("held_on").values_list("held_on", flat=True)[:NEXT_SESSIONS])
