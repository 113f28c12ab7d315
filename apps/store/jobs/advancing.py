"""Carrying a dossier on: its due checks one by one, then what follows from them (architecture 3.6, S36).

The state is rows. A step is leased before it runs and settled afterwards by whoever holds the lease; a worker that
dies leaves a lease that ends, and the sweep lets somebody else try. Nothing here is remembered in between.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.common.failpoints import reach
from apps.files.gateways.base import StoreUnavailableError
from apps.store import subjects
from apps.store.checks import registry
from apps.store.checks.base import Finding, Outcome, Subject, Tools
from apps.store.gateways.web.base import WebError
from apps.store.jobs import concluding
from apps.store.models import Candidacy, CandidacyStep

logger = structlog.get_logger(__name__)

SECONDS = 60.0  # of one run: then the next dossier has its turn, well before the time limit of a task
LEASE = timedelta(seconds=330)  # longer than a task may last
# After the first and the second error; after the third the step ends as an error (store.md 7: 3 tries over 24 h).
WAITS = (timedelta(minutes=30), timedelta(hours=12))
TRIES = len(WAITS) + 1
DEATHS = 5  # tries that never ended, of whatever cause: parked (REL-07)
State = CandidacyStep.State

Clock = Callable[[], datetime]


def advance(*, candidacy_id: UUID, tools: Tools, clock: Clock, seconds: float = SECONDS) -> bool:
    """Run the due steps of one dossier until none is due or the time is over, then conclude the round.

    Run twice, even at once, each step has one result: the lease decides. Returns whether something is still due.
    """
    end = monotonic() + seconds
    subject: Subject | None = None
    step = _claim(candidacy_id, clock())
    while step is not None:
        reach(f"store.advance.claimed.{step.kind}")
        subject = subject or _subject(candidacy_id, clock())
        finding = _run(step, subject, tools)
        reach(f"store.advance.ran.{step.kind}")
        done, is_over = step, monotonic() >= end
        with transaction.atomic():  # one for both: a check that takes no time costs little more than its rows
            _settle(done, finding, clock())
            step = None if is_over else _claim(candidacy_id, clock())
        reach(f"store.advance.settled.{done.kind}")
        if is_over:
            return True
    concluding.conclude(candidacy_id=candidacy_id, at=clock())
    return False


def lost_and_due(*, at: datetime, at_most: int = 500) -> list[UUID]:
    """Dossiers with a step that nobody runs: due, or leased by somebody who has died; and those whose round is over
    but was not concluded. For the sweep.
    """
    steps = CandidacyStep.objects.filter(candidacy=OuterRef("pk"))
    due = steps.filter(Q(state=State.DUE, due_at__lte=at) | Q(state=State.RUNNING, leased_until__lt=at))
    # Somebody carries it on, or waits in the queue for its next turn: a second one would take the turn of others.
    is_carried = steps.filter(started_at__gt=at - LEASE)
    lost = Candidacy.objects.filter(Exists(due), ~Exists(is_carried))
    waiting = lost.order_by("pk").values_list("pk", flat=True)[:at_most]
    return list(dict.fromkeys([*waiting, *concluding.forgotten(at=at, at_most=at_most)]))


def _subject(candidacy_id: UUID, at: datetime) -> Subject:
    found = Candidacy.objects.select_related("publisher", "service").get(pk=candidacy_id)
    return subjects.subject_of(found, at=at)


@transaction.atomic
def _claim(candidacy_id: UUID, at: datetime) -> CandidacyStep | None:
    """The next step, for this run alone; those whose last try has died are parked."""
    rows = CandidacyStep.objects.select_for_update(of=("self",), skip_locked=True)
    ready = Q(state=State.DUE, due_at__lte=at) | Q(state=State.RUNNING, leased_until__lt=at)
    waiting = rows.filter(ready, candidacy_id=candidacy_id).order_by("due_at", "id")
    while (step := waiting.first()) is not None and step.attempt - step.errors >= DEATHS:
        step.state, step.leased_until, step.finished_at, step.reason = State.PARKED, None, at, "died"
        step.save(update_fields=["state", "leased_until", "finished_at", "reason"])
        logger.error("store.step.parked", step=str(step.id), kind=step.kind)
    if step is None:
        return None
    step.state, step.leased_until, step.attempt = State.RUNNING, at + LEASE, step.attempt + 1
    step.started_at = at
    step.save(update_fields=["state", "leased_until", "attempt", "started_at"])
    return step


def _run(step: CandidacyStep, subject: Subject, tools: Tools) -> Finding:
    """The finding of one check. Trouble of ours or of the network is an error, never a fault of the candidate (L22)."""
    check = registry.CHECKS.get(step.kind)
    if check is None:
        return Finding(outcome=Outcome.SKIPPED, reason="unknown-check")
    try:
        return check.run(target=step.target, subject=subject, tools=tools)
    except WebError as error:
        return Finding(outcome=Outcome.ERROR, reason=error.reason)
    except StoreUnavailableError:
        return Finding(outcome=Outcome.ERROR, reason="store-away")


def _settle(step: CandidacyStep, finding: Finding, at: datetime) -> None:
    """Keep the finding, if this run still holds the lease: another one may have gone on meanwhile."""
    errors = step.errors + (finding.outcome is Outcome.ERROR)
    is_final = finding.outcome is not Outcome.ERROR or errors >= TRIES
    values: dict[str, object] = (
        {"state": State.DONE, "outcome": finding.outcome, "finished_at": at}
        if is_final
        else {"state": State.DUE, "due_at": at + WAITS[errors - 1]}
    )
    held = CandidacyStep.objects.filter(pk=step.pk, state=State.RUNNING, attempt=step.attempt)
    is_held = held.update(
        leased_until=None, errors=errors, reason=finding.reason, measured=dict(finding.measured),
        evidence=dict(finding.evidence), **values,
    )  # fmt: skip
    if is_held and is_final and finding.outcome is Outcome.ERROR:
        logger.error("store.step.error", step=str(step.id), kind=step.kind, reason=finding.reason)
