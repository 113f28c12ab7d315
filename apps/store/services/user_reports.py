"""Problems that people report about a service (STO-46, ST-06): taken, numbered, told to the desk. Who reported it is
kept for the answer and shown to nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import IntegerField, Max, QuerySet
from django.db.models.functions import Cast, Substr

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.audit.services import Line, record
from apps.common.dates import PARIS
from apps.common.tasks import enqueue
from apps.store import clocks, tasks, telling
from apps.store.models import Listing, Report
from apps.store.services import acting
from apps.store.services.errors import UnknownRowError, WrongValueError
from apps.store.states import Term
from apps.store.states.machine import Unit

_LOCK = 0x5245504F  # "REPO"
_AFTER_YEAR = 7  # "S2026-" has six characters
URGENT = frozenset({Report.Kind.DATA, Report.Kind.SECURITY})
TRIAGE = Term(number=2, unit=Unit.WORKDAYS)
# A number of the health insurance, however it is grouped: 13 characters and perhaps a key (P-04).
_HEALTH_NUMBER = re.compile(
    r"\b[123478][ .-]?\d{2}[ .-]?\d{2}[ .-]?(?:\d{2}|2[AB])[ .-]?\d{3}[ .-]?\d{3}(?:[ .-]?\d{2})?\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is reported, in words without anything about somebody's health."""

    kind: str
    text: str
    token: UUID | None = None


@transaction.atomic
def report(*, actor: Actor, slug: str, problem: Problem, at: datetime) -> Report:
    """Take a report and give its number at once. Data and security are for the same day: the desk gets a mail.

    `actor` without an account gets no answer. Raises `UnknownRowError`, `WrongValueError`.
    """
    listing = Listing.objects.select_related("service").filter(service__slug=slug).first()
    if listing is None:
        raise UnknownRowError
    text = _fitting(problem)
    number = _next_number(at)  # from here on one report at a time
    mine = Report.objects.filter(listing=listing, kind=problem.kind, text=text, reporter_id=actor.user_id)
    if (sent := acting.made_before(mine, token=problem.token)) is not None:
        return sent
    is_urgent = problem.kind in URGENT
    made = Report.objects.create(
        id=acting.free_id(Report.objects.all(), wanted=problem.token), number=number, listing=listing,
        kind=problem.kind, text=text, reporter_id=actor.user_id, reported_at=at,
        due_at=_triage_by(at, is_urgent=is_urgent), is_urgent=is_urgent,
    )  # fmt: skip
    if is_urgent:
        _tell_desk(made, at)
    facts = {"kind": made.kind, "listing": str(listing.pk)}
    record(actor=actor, at=at, line=Line(action="store.report.create", target=f"report:{made.pk}", facts=facts))
    return made


def own(actor: Actor) -> QuerySet[Report]:
    """Reports of this person, the newest first, with their services."""
    if actor.user_id is None:
        return Report.objects.none()
    rows = Report.objects.filter(reporter_id=actor.user_id).select_related("listing__service")
    return rows.order_by("-reported_at", "-id")


def notes_of(listing: Listing) -> QuerySet[Report]:
    """What a publisher reads: reports that were found right, by the note written for them. Never text or reporter."""
    rows = Report.objects.filter(listing=listing, outcome=Report.Outcome.FOUNDED)
    return rows.defer("text", "reporter", "answer").order_by("-closed_at", "-id")


def _fitting(problem: Problem) -> str:
    text = problem.text.strip()
    if problem.kind not in Report.Kind.values:
        raise WrongValueError("kind", "unknown")
    if not text:
        raise WrongValueError("text", "missing")
    if _HEALTH_NUMBER.search(text):
        raise WrongValueError("text", "health-number")
    return text


def _triage_by(at: datetime, *, is_urgent: bool) -> datetime:
    if is_urgent:
        return clocks.last_second(at.astimezone(PARIS).date())
    return clocks.end_of(TRIAGE, since=at)


def _next_number(at: datetime) -> str:
    """ "S2026-00147", one after the other; until the end of the transaction nobody else gets one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    start = f"S{at.astimezone(PARIS).year}-"
    numbers = Report.objects.filter(number__startswith=start)
    last = numbers.aggregate(last=Max(Cast(Substr("number", _AFTER_YEAR), IntegerField())))["last"] or 0
    return f"{start}{last + 1:05d}"


def _tell_desk(made: Report, at: datetime) -> None:
    due = made.due_at.isoformat() if made.due_at else ""
    people = telling.staff_of(StaffRole.DESK, at=at)
    telling.write(user_ids=people, template="report_received", key=f"report:{made.pk}", facts={"due_at": due}, at=at)
    enqueue(tasks.send_mails)
