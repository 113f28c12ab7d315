"""What the desk does with reports of problems (RV-10): triage, outcome, answer, note to the publisher (STO-46)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.store import clocks, tasks, telling, transitions
from apps.store.models import Listing, Report
from apps.store.services import acting
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError
from apps.store.states import Event, Party, Term
from apps.store.states.listing import OVER
from apps.store.transitions import Step

State = Report.State
ANSWER = Term(number=10)
FLAG, ACTOR = "report", "store.reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """`answer` goes to the reporter, `note` to the publisher of a report that is founded."""

    outcome: str
    answer: str
    note: str = ""


def visible(actor: Actor) -> QuerySet[Report]:
    """Reports about services of publishers to which this person has no link (STO-18); who reported stays in the row."""
    rows = Report.objects.filter(listing__in=Listing.objects.visible_to(actor))
    return rows.select_related("listing__service", "listing__publisher").defer("reporter")


def waiting(actor: Actor) -> QuerySet[Report]:
    """Those that are open: urgent ones first, then by due date."""
    return visible(actor).exclude(state=State.CLOSED).order_by("-is_urgent", F("due_at").asc(), "id")


def closed(actor: Actor) -> QuerySet[Report]:
    """Those that are closed, the newest first."""
    return visible(actor).filter(state=State.CLOSED).order_by("-closed_at", "-id")


def report_for(actor: Actor, *, report_id: UUID) -> Report:
    """One of them. Raises `UnknownRowError`."""
    found = visible(actor).filter(pk=report_id).first()
    if found is None:
        raise UnknownRowError
    return found


@transaction.atomic
def triage(*, actor: Actor, report_id: UUID, at: datetime) -> Report:
    """Take it up: the answer is due ten days after the report. Raises `AccessDeniedError`, `UnknownRowError`,
    `ChangedError`.
    """
    who, report = _locked(actor, report_id)
    if report.state != State.RECEIVED:
        raise _changed(report)
    due = max(clocks.end_of(ANSWER, since=report.reported_at), clocks.end_of(Term(number=1), since=at))
    report.state, report.handled_by_id, report.triaged_at, report.due_at = State.TRIAGED, who, at, due
    report.save(update_fields=["state", "handled_by", "triaged_at", "due_at"])
    _trace(actor, report, "triage", at)
    return report


@transaction.atomic
def close(*, actor: Actor, report_id: UUID, closing: Closing, at: datetime) -> Report:
    """Say what came of it: mail to the reporter who has an account, and to the publisher where it is founded. Several
    founded ones bring the service before the desk, which may ask for an audit (STO-42).

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `WrongValueError`.
    """
    who, report = _locked(actor, report_id)
    if report.state == State.CLOSED:
        raise _changed(report)
    _require_words(closing)
    is_founded = closing.outcome == Report.Outcome.FOUNDED
    report.state, report.handled_by_id, report.closed_at, report.due_at = State.CLOSED, who, at, None
    report.triaged_at = report.triaged_at or at
    report.outcome, report.answer = closing.outcome, closing.answer.strip()
    report.note = closing.note.strip() if is_founded else ""
    report.save(
        update_fields=[
            "state", "handled_by", "closed_at", "due_at", "triaged_at", "outcome", "answer", "note",
        ]
    )  # fmt: skip
    _tell(report, at, is_founded=is_founded)
    if is_founded:
        _wake(report.listing_id, at)
    _trace(actor, report, "close", at)
    return report


def _locked(actor: Actor, report_id: UUID) -> tuple[UUID, Report]:
    who = acting.reviewer_who_acts(actor, StaffRole.DESK)
    rows = Report.objects.select_related("listing__candidacy__service", "listing__publisher")
    found = rows.select_for_update(of=("self",)).filter(listing__in=Listing.objects.visible_to(actor), pk=report_id)
    report = found.first()
    if report is None:
        raise UnknownRowError
    return who, report


def _changed(report: Report) -> ChangedError:
    when = report.closed_at or report.triaged_at or report.reported_at
    return ChangedError(event="", actor=str(report.handled_by_id or ""), at=when)


def _require_words(closing: Closing) -> None:
    if closing.outcome not in Report.Outcome.values:
        raise WrongValueError("outcome", "unknown")
    if not closing.answer.strip():
        raise WrongValueError("answer", "missing")
    if closing.outcome == Report.Outcome.FOUNDED and not closing.note.strip():
        raise WrongValueError("note", "missing")


def _tell(report: Report, at: datetime, *, is_founded: bool) -> None:
    key = f"report:{report.pk}:closed"
    if report.reporter_id is not None:
        telling.write(user_ids=[report.reporter_id], template="report_answer", key=key, facts={}, at=at)
    if is_founded:
        people = telling.publisher_people(report.listing.publisher_id)
        facts = telling.facts_of(report.listing)
        telling.write(user_ids=people, template="report_to_publisher", key=f"{key}:publisher", facts=facts, at=at)
    enqueue(tasks.send_mails)


def _wake(listing_id: UUID, at: datetime) -> None:
    """The last of so many founded reports within the days that count; the count begins anew with it."""
    listing = Listing.objects.select_for_update(of=("self",)).select_related("candidacy__service").get(pk=listing_id)
    since = at - timedelta(days=settings.STORE_REPORTS_DAYS)
    told = listing.events.filter(facts__flag=FLAG).order_by("-sequence").values_list("at", flat=True).first()
    founded = Report.objects.filter(listing=listing, outcome=Report.Outcome.FOUNDED)
    count = founded.filter(closed_at__gt=max(since, told or since)).count()
    if count < settings.STORE_REPORTS_FOR_DESK or listing.status in OVER:
        return
    step = Step(
        event=Event.HAND_OVER, by=Party.SYSTEM, actor=ACTOR, at=at, reasons=(FLAG,),
        facts={"flag": FLAG, "count": count},
    )  # fmt: skip
    transitions.tell_desk(listing, step)


def _trace(actor: Actor, report: Report, act: str, at: datetime) -> None:
    acting.trace(
        actor=actor, act=f"report.{act}", publisher_id=report.listing.publisher_id, target=f"report:{report.pk}", at=at,
        facts={"state": report.state, "outcome": report.outcome},
    )  # fmt: skip
