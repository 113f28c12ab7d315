"""What an operator has to look at first, and the act that is due next (RO-01). Small reads, by indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, F, Min

from apps.common.dates import PARIS, midnight
from apps.common.workdays import add_workdays
from apps.rollout.figures.counting import FINAL, Sending, Standing
from apps.rollout.models import Claim, Conflict, ImportFile, StopOrder, Wave
from apps.rollout.window import opening_day, window_end

CONFLICT_DAYS = 5  # working days in which two requests that contradict each other are decided
RECENT = timedelta(days=30)  # how long an import that failed is told


class Kind(StrEnum):
    """Kinds of alarms, in the order in which they are shown."""

    STOP = "stop"
    CLAIMS_LATE = "claims-late"
    UNCERTAIN = "uncertain"
    RETURNED = "returned"
    CONFLICTS = "conflicts"
    IMPORT_STOPPED = "import-stopped"
    IMPORT_ERRORS = "import-errors"
    IMPORT_WAITS = "import-waits"
    IMPORT_FAILED = "import-failed"
    CLAIMS = "claims"
    REPRESENTATIVES = "representatives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """`number` of cases; `due_on` the day by which the first one has to be done; `row_id` of the one case."""

    kind: Kind
    number: int
    due_on: date | None = None
    row_id: UUID | None = None
    name: str = ""


class ActKind(StrEnum):
    """Acts that a wave waits for."""

    APPROVE = "approve"
    ASK_OPENING = "ask-opening"
    APPROVE_OPENING = "approve-opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The next act for a wave, and the day on which it is late."""

    kind: ActKind
    wave: Wave
    due_on: date


def alarms(*, standings: Iterable[Standing], notices: Iterable[Sending], at: datetime) -> list[Alarm]:
    """Everything that waits for somebody, the most pressing first; nothing without a case."""
    today = at.astimezone(PARIS).date()
    held = [row for row in standings if row.state not in FINAL]
    found = [
        *_stops(),
        *_claims(today),
        Alarm(kind=Kind.UNCERTAIN, number=sum(row.number for row in notices if row.state == "uncertain")),
        Alarm(kind=Kind.RETURNED, number=sum(row.people for row in held if row.hold == "returned")),
        *_conflicts(),
        *_imports(at),
        Alarm(kind=Kind.REPRESENTATIVES, number=sum(row.people for row in held if row.hold == "no-representative")),
    ]
    order = list(Kind)
    return sorted((alarm for alarm in found if alarm.number), key=lambda alarm: order.index(alarm.kind))


def next_act(waves: Sequence[Wave]) -> Act | None:
    """The act that is late first."""
    acts = [act for wave in waves if (act := _act(wave)) is not None]
    return min(acts, key=lambda act: (act.due_on, act.wave.number), default=None)


def _act(wave: Wave) -> Act | None:
    opens_on = opening_day(window_end(midnight(wave.first_send_on)))
    if wave.state == Wave.State.DRAFT:
        return Act(kind=ActKind.APPROVE, wave=wave, due_on=wave.first_send_on)
    if wave.state in {Wave.State.CLOSED, Wave.State.CANCELLED} or wave.may_open:
        return None
    kind = ActKind.ASK_OPENING if wave.opening_asked_at is None else ActKind.APPROVE_OPENING
    return Act(kind=kind, wave=wave, due_on=opens_on)


def _stops() -> list[Alarm]:
    return [Alarm(kind=Kind.STOP, number=StopOrder.objects.filter(lifted_at=None).count())]


def _claims(today: date) -> list[Alarm]:
    waiting = Claim.objects.filter(state=Claim.State.WAITING)
    late = waiting.filter(due_on__lt=today).aggregate(number=Count("id"), first=Min("due_on"))
    soon = waiting.filter(due_on__gte=today).aggregate(number=Count("id"), first=Min("due_on"))
    return [
        Alarm(kind=Kind.CLAIMS_LATE, number=late["number"], due_on=late["first"]),
        Alarm(kind=Kind.CLAIMS, number=soon["number"], due_on=soon["first"]),
    ]


def _conflicts() -> list[Alarm]:
    open_ones = Conflict.objects.filter(decided_at=None).aggregate(number=Count("id"), first=Min("opened_at"))
    first: datetime | None = open_ones["first"]
    due_on = add_workdays(first.astimezone(PARIS).date(), CONFLICT_DAYS) if first else None
    return [Alarm(kind=Kind.CONFLICTS, number=open_ones["number"], due_on=due_on)]


def _imports(at: datetime) -> list[Alarm]:
    """Files that stand still, that have too many refused lines, that wait for a second person, that failed of late; the
    last ones first, ten at most of a kind.
    """
    states, files = ImportFile.State, ImportFile.objects.order_by("-brought_at", "-id")
    found = {
        Kind.IMPORT_STOPPED: files.filter(state=states.STOPPED),
        Kind.IMPORT_ERRORS: files.filter(state=states.TRIED, refused__gt=F("read") / 100.0),
        Kind.IMPORT_WAITS: files.filter(state=states.ASKED),
        Kind.IMPORT_FAILED: files.filter(state__in=[states.REFUSED, states.FAILED], brought_at__gte=at - RECENT),
    }
    return [_import(kind, file) for kind, rows in found.items() for file in rows[:10]]


def _import(kind: Kind, file: ImportFile) -> Alarm:
    return Alarm(kind=kind, number=1, row_id=file.pk, name=file.name)
