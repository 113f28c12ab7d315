"""The one door to the trail: write a line, read the lines of a scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, models
from structlog.contextvars import get_contextvars

from apps.access import Actor, Decision, Role
from apps.audit.models import AuditCheckpoint, AuditEvent

# Scope of acts that belong to no space and no organisation: sign-ins, imports, openings.
PLATFORM_SCOPE = UUID("00000000-0000-7000-8000-000000000000")

__all__ = [
    "PLATFORM_SCOPE", "AuditEvent", "Fact", "Line", "SealState", "content_readings", "events_of", "readers_count",
    "recently_read", "record", "record_many", "seal_state",
]  # fmt: skip

# Acts by which somebody has seen the content of a document.
CONTENT_READINGS = ("dmp.document.read", "dmp.document.download", "dmp.document.print")

Fact = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line says beside its actor. `scope_id` defaults to the actor's space, else the platform.

    `target`: kind and id, `document:<uuid>`. `facts`: counts, codes and versions; never a name, a number or a title.
    `actor_id` names somebody who has no Actor yet (a sign-in) or the job that acts.
    """

    action: str
    target: str = ""
    decision: Decision | None = None
    scope_id: UUID | None = None
    actor_id: str = ""
    on_behalf_of: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)


def record(*, actor: Actor, line: Line, at: datetime) -> AuditEvent:
    """Write one line of the trail inside the caller's transaction (IDN-50, SEC-13).

    Raises nothing of its own: when the line cannot be written, the act is not done either.
    """
    event = _event(actor, line, at)
    event.save(force_insert=True)
    return event


def record_many(*, actor: Actor, lines: Iterable[Line], at: datetime) -> int:
    """Write many lines at once; returns their number. For lists and set-based jobs."""
    return len(AuditEvent.objects.bulk_create([_event(actor, line, at) for line in lines], batch_size=1000))


def events_of(scope_id: UUID) -> models.QuerySet[AuditEvent]:
    """Lines of one scope, newest first."""
    return AuditEvent.objects.filter(scope_id=scope_id).order_by("-at", "-id")


def readers_count(*, scope_id: UUID, target: str) -> int:
    """How many different professionals have read a target ("document:<uuid>"); an opening without content is none."""
    read = AuditEvent.objects.filter(
        scope_id=scope_id,
        target=target,
        action__in=CONTENT_READINGS,
        actor_role=Role.PROFESSIONAL.value,
        outcome=AuditEvent.Outcome.PERMITTED,
    )
    return read.exclude(facts__content=False).values("actor_id").distinct().count()


def recently_read(*, actor: Actor, target: str, since: datetime) -> bool:
    """Whether a line says that this actor, in this role, has had the content of the target since then."""
    lines = AuditEvent.objects.filter(
        scope_id=actor.space_id or PLATFORM_SCOPE,
        target=target,
        action__in=CONTENT_READINGS,
        actor_role=actor.role.value,
        actor_id=_actor_id(actor),
        at__gte=since,
    )
    return lines.filter(outcome=AuditEvent.Outcome.PERMITTED, facts__content=True).exists()


def content_readings(scope_ids: Collection[UUID]) -> dict[UUID, int]:
    """For each of these scopes, how many lines say that content left at the files' door; none is 0 and not in it."""
    rows = AuditEvent.objects.filter(scope_id__in=scope_ids, outcome=AuditEvent.Outcome.PERMITTED, facts__content=True)
    return dict(rows.values_list("scope_id").annotate(models.Count("id")).order_by("scope_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SealState:
    """`waiting` lines without a seal, the oldest of them since `lag`; `late` of them for longer than was asked;
    `sealed` lines in all; `checkpoint` the last batch."""

    waiting: int
    late: int
    lag: timedelta
    sealed: int
    checkpoint: int


_WAITING = """
    SELECT count(*), count(*) FILTER (WHERE uuid_extract_timestamp(line_id) < %s), min(uuid_extract_timestamp(line_id))
    FROM audit_unsealedline
"""


def seal_state(*, at: datetime, late_after: timedelta = timedelta(seconds=60)) -> SealState:
    """Where the sealing stands, for metrics and alarms (SEC-13). Ids tell when a line was written."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [at - late_after])
        waiting, late, oldest = cursor.fetchone()
    last = AuditCheckpoint.objects.order_by("-number").first()
    return SealState(
        waiting=waiting,
        late=late,
        lag=max(at - oldest, timedelta()) if oldest else timedelta(),
        sealed=0 if last is None else last.total,
        checkpoint=0 if last is None else last.number,
    )


def _event(actor: Actor, line: Line, at: datetime) -> AuditEvent:
    decision = line.decision
    denied = decision is not None and not decision.allowed
    return AuditEvent(
        scope_id=line.scope_id or actor.space_id or PLATFORM_SCOPE,
        at=at,
        action=line.action,
        actor_role=actor.role.value,
        actor_id=line.actor_id or _actor_id(actor),
        organisation_id=actor.organisation_id,
        on_behalf_of=line.on_behalf_of,
        purpose=actor.purpose.value,
        reason=actor.reason,
        outcome=AuditEvent.Outcome.DENIED if denied else AuditEvent.Outcome.PERMITTED,
        rule=decision.rule if decision is not None else "",
        target=line.target,
        level=actor.level,
        request_id=str(get_contextvars().get("request_id", ""))[:64],
        facts=dict(line.facts),
    )


def _actor_id(actor: Actor) -> str:
    if actor.role is Role.PROFESSIONAL:
        return actor.national_id
    return str(actor.user_id or "")
