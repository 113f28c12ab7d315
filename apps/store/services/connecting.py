"""Connection tests (accrochage), recorded by the desk until automatic scenarios come with data exchange (STO-65)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.store import tasks, transitions
from apps.store.models import Candidacy, CandidacyEvent
from apps.store.services import acting, turns
from apps.store.services.errors import WrongValueError
from apps.store.states import Event, Party, Status
from apps.store.transitions import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the desk has seen of one build of the service."""

    has_passed: bool
    build: str
    note: str


@transaction.atomic
def record_tests(*, actor: Actor, candidacy_id: UUID, result: Result, seen: int, at: datetime) -> CandidacyEvent:
    """Keep the result of the tests of one build. Failed ones do not prolong the six months.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `TransitionRefusedError`,
    `WrongValueError` (`build`, `note`: `missing`).
    """
    stay = (Status.CONNECTION, None)
    who, candidacy = turns.take_turn(actor, candidacy_id=candidacy_id, role=StaffRole.DESK, stay=stay, seen=seen)
    for field, value in (("build", result.build), ("note", result.note)):
        if not value.strip():
            raise WrongValueError(field, "missing")
    step = Step(
        event=Event.TESTS_PASSED if result.has_passed else Event.TESTS_FAILED, by=Party.DESK, actor=str(who), at=at,
        reason=result.note.strip(), due_at=None if result.has_passed else _end(candidacy),
        facts={"build": result.build.strip()},
    )  # fmt: skip
    event = transitions.fire(candidacy, step)
    acting.trace(
        actor=actor, act="connection.record", publisher_id=candidacy.publisher_id,
        target=f"candidacy:{candidacy.pk}", at=at, facts={"passed": result.has_passed},
    )  # fmt: skip
    enqueue(tasks.send_mails)
    return event


def results_of(candidacy: Candidacy) -> list[CandidacyEvent]:
    """What was recorded, the newest first."""
    kinds = (Event.TESTS_PASSED, Event.TESTS_FAILED)
    return list(candidacy.events.filter(event__in=kinds).order_by("-sequence"))


def _end(candidacy: Candidacy) -> datetime | None:
    """End of the six months that began with the third signature."""
    begun = candidacy.events.filter(event=Event.SIGNED, after=Status.CONNECTION).order_by("-sequence").first()
    return begun.due_at if begun is not None else candidacy.due_at
