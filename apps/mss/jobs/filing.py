"""What the door has taken becomes messages of each space (REL-01, REL-02, REL-07).

A try is counted before anything is read, so that a message which kills its process is counted too; one that failed five
times is parked with its bytes, and the others go on. Each space has a transaction of its own. A store or a key that is
away is not the message's fault: such a try is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic
from uuid import UUID

import structlog
from django.db import DataError, IntegrityError, transaction

from apps.access import SYSTEM
from apps.audit.services import Fact, Line, record
from apps.common.failpoints import reach
from apps.files.crypto import TamperedError
from apps.files.gateways.base import StoreUnavailableError
from apps.files.keys import MasterKeyMissingError, VaultDestroyedError, WrongMasterKeyError
from apps.formats.mail.reading import read_mail
from apps.mss.jobs.letters import Letter, file_in_space
from apps.mss.models import Arrival, ArrivalAddress
from apps.mss.sealing import Seals

logger = structlog.get_logger(__name__)

TRIES = 5
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
AWAY = timedelta(minutes=1)  # wait for a store or a key that is not there
LEASE = timedelta(seconds=330)  # a try that says nothing for so long has died: longer than a task may last
AT_MOST = 1000
SECONDS = 120.0
_State = Arrival.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A try that did not end. `counts`: it was the message's fault; `final`: another try would end the same way."""

    problem: str
    counts: bool = True
    final: bool = False


class Run:
    """What the arrivals of one run share: the key, asked for at the first one that needs it."""

    @cached_property
    def seals(self) -> Seals:
        return Seals()


_FAILURES: dict[type[Exception], Failure] = {
    StoreUnavailableError: Failure(problem="store-away", counts=False),
    WrongMasterKeyError: Failure(problem="key-wrong", counts=False),  # before the more general one
    MasterKeyMissingError: Failure(problem="key-missing", counts=False),
    TamperedError: Failure(problem="bytes-lost", final=True),
    VaultDestroyedError: Failure(problem="key-destroyed", final=True),
    DataError: Failure(problem="refused-value"),
    IntegrityError: Failure(problem="refused-row"),
}


def file_arrivals(*, at: datetime, at_most: int = AT_MOST, seconds: float = SECONDS) -> int:
    """File what is due, oldest first, as far as `seconds` allow; returns how many were looked at.

    It ends early when the store or a key is away: the next ones would only wait for the same silence.
    """
    end, count, run = monotonic() + seconds, 0, Run()
    for arrival_id in due(at=at, limit=at_most):
        if monotonic() >= end:
            break
        state = file_arrival(arrival_id=arrival_id, at=at, run=run)
        count += 1
        if state == _State.RECEIVED and Arrival.objects.filter(id=arrival_id, problem__in=_OUTSIDE).exists():
            break
    return count


def file_arrival(*, arrival_id: UUID, at: datetime, run: Run | None = None) -> Arrival.State | None:
    """File one arrival when it is due; returns the state after the run, None when there is no such row."""
    arrival = _claim(arrival_id, at)
    if arrival is not None:
        reach("mss.file.claimed")
        ended = _settle(arrival, _filed(arrival, run or Run(), at), at)
        if ended is not None:
            return ended
    state = Arrival.objects.filter(id=arrival_id).values_list("state", flat=True).first()
    return None if state is None else _State(state)


def due(*, at: datetime, limit: int = AT_MOST) -> list[UUID]:
    """Arrivals whose hour has come: new ones, and those whose try failed or died."""
    rows = Arrival.objects.filter(state=_State.RECEIVED, due_at__lte=at).order_by("due_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


@transaction.atomic
def _claim(arrival_id: UUID, at: datetime) -> Arrival | None:
    """The arrival with a try more, for this run alone; None when there is nothing to do."""
    rows = Arrival.objects.select_for_update(of=("self",), skip_locked=True)
    arrival = rows.filter(id=arrival_id, state=_State.RECEIVED, due_at__lte=at).first()
    if arrival is None:
        return None
    if arrival.attempts >= TRIES:
        _park(arrival, at)
        return None
    arrival.attempts += 1
    arrival.due_at, arrival.problem = at + LEASE, "interrupted"
    arrival.save(update_fields=["attempts", "due_at", "problem"])
    return arrival


def _filed(arrival: Arrival, run: Run, at: datetime) -> Failure | None:
    """File in every space that has not got it yet; one that fails keeps no other one waiting."""
    failure = None
    try:
        letter = _letter_of(arrival, run)
    except tuple(_FAILURES) as error:
        return _failure_of(error)
    waiting = ArrivalAddress.objects.filter(arrival_id=arrival.id, filed_at=None).order_by("id")
    for space_id in waiting.values_list("space_id", flat=True):
        try:
            file_in_space(letter=letter, space_id=space_id, at=at)
        except tuple(_FAILURES) as error:
            failure = _failure_of(error)
        reach("mss.file.filed")
    return failure


def _letter_of(arrival: Arrival, run: Run) -> Letter:
    data = run.seals.unseal(bytes(arrival.sealed or b""), row_id=arrival.id)
    return Letter(
        arrival_id=arrival.id,
        received_at=arrival.received_at,
        envelope_sender=arrival.sender,
        digest=arrival.digest,
        data=data,
        mail=read_mail(data),
    )


def _failure_of(error: Exception) -> Failure:
    return next(failure for kind, failure in _FAILURES.items() if isinstance(error, kind))


@transaction.atomic
def _settle(claimed: Arrival, failure: Failure | None, at: datetime) -> Arrival.State | None:
    """Write down how a try ended; returns the state, None where another run has taken the arrival over since."""
    mine = Arrival.objects.filter(id=claimed.id, state=_State.RECEIVED, attempts=claimed.attempts)
    if failure is None:
        ended = _State.FILED if mine.update(state=_State.FILED, ended_at=at, sealed=None, problem="") else None
    else:
        arrival = mine.select_for_update(of=("self",)).first()
        if arrival is not None:
            _write_failure(arrival, failure, at)
        ended = _State(arrival.state) if arrival is not None else None
    reach("mss.file.before_end")
    return ended


def _write_failure(arrival: Arrival, failure: Failure, at: datetime) -> None:
    arrival.problem = failure.problem
    if not failure.counts:
        arrival.attempts -= 1
        arrival.due_at = at + AWAY
    elif failure.final or arrival.attempts >= TRIES:
        _park(arrival, at)
        return
    else:
        arrival.due_at = at + WAITS[arrival.attempts - 1]
    arrival.save(update_fields=["problem", "attempts", "due_at"])


def _park(arrival: Arrival, at: datetime) -> None:
    """Its bytes stay: an operator can have it tried again."""
    arrival.state, arrival.ended_at = _State.PARKED, at
    arrival.save(update_fields=["state", "ended_at", "problem", "attempts"])
    facts: dict[str, Fact] = {"reason": arrival.problem, "attempts": arrival.attempts}
    line = Line(action="mss.arrival.park", target=f"arrival:{arrival.id}", actor_id="mss.file", facts=facts)
    record(actor=SYSTEM, at=at, line=line)
    logger.error("arrival_parked", reason=arrival.problem)


_OUTSIDE = frozenset(failure.problem for failure in _FAILURES.values() if not failure.counts)
