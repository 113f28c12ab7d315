"""The antivirus check: no file is read before it (SEC-11, REL-13).

A try is counted before the scanner sees the file, so that a file which kills its process is counted too. After five
tries that failed the file is parked and an operator sees it (REL-07, REL-23). A scanner or a store that is away is not
the file's fault: such a try is taken back, and the file goes on waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from time import monotonic
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models.functions import Coalesce

from apps.access import SYSTEM
from apps.audit.services import Fact, Line, record
from apps.common.failpoints import reach
from apps.files import followers
from apps.files.crypto import TamperedError
from apps.files.gateways import store
from apps.files.gateways.base import (
    Scanner,
    ScannerAnswerError,
    ScannerRefusedError,
    ScannerUnavailableError,
    StoreUnavailableError,
    Verdict,
)
from apps.files.keys import MasterKeyMissingError, VaultDestroyedError, cipher_of
from apps.files.models import StoredFile

logger = structlog.get_logger(__name__)

TRIES = 5
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
AWAY = timedelta(minutes=1)  # wait for a scanner or a store that does not answer
LEASE = timedelta(seconds=330)  # a try that says nothing for so long has died: longer than a task may last
SWEEP_AFTER = timedelta(minutes=1)
LOST_BYTES = (FileNotFoundError, TamperedError, VaultDestroyedError)  # what `bytes_of` raises for good
_Problem = StoredFile.Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A try without a verdict. `counts`: it was the file's fault; `final`: another try would end the same way."""

    problem: StoredFile.Problem
    counts: bool = True
    final: bool = False


_FAILURES: dict[type[Exception], Failure] = {
    StoreUnavailableError: Failure(problem=_Problem.STORE_AWAY, counts=False),
    MasterKeyMissingError: Failure(problem=_Problem.KEY_MISSING, counts=False),
    ScannerUnavailableError: Failure(problem=_Problem.SCANNER_AWAY, counts=False),
    VaultDestroyedError: Failure(problem=_Problem.KEY_DESTROYED, final=True),
    ScannerRefusedError: Failure(problem=_Problem.TOO_LONG, final=True),
    ScannerAnswerError: Failure(problem=_Problem.NO_ANSWER),
    FileNotFoundError: Failure(problem=_Problem.BYTES_LOST),
    TamperedError: Failure(problem=_Problem.BYTES_LOST),
}


def scan(*, vault_id: UUID, file_id: UUID, scanner: Scanner, at: datetime) -> StoredFile.State | None:
    """Judge one waiting file when it is due; safe to run twice or late: a file already judged stays as it is.

    Returns the state after the run, None when there is no such file.
    """
    file = _claim(vault_id, file_id, at)
    if file is None:
        now = StoredFile.objects.filter(pk=(vault_id, file_id)).first()
        return None if now is None else StoredFile.State(now.state)
    reach("files.scan.claimed")
    outcome = _judged(file, scanner)
    reach("files.scan.judged")
    return _settle(file, outcome, at)


def sweep(*, scanner: Scanner, clock: Callable[[], datetime], seconds: float = inf) -> int:
    """Judge what is due, oldest first, as far as `seconds` allow; returns how many were looked at.

    It ends early when scanner or store are away: the next files would only wait for the same silence.
    """
    end, count = monotonic() + seconds, 0
    for vault_id, file_id in waiting(at=clock()):
        if monotonic() >= end:
            break
        scan(vault_id=vault_id, file_id=file_id, scanner=scanner, at=clock())
        count += 1
        file = StoredFile.objects.filter(pk=(vault_id, file_id)).first()
        if file is not None and file.problem in {_Problem.SCANNER_AWAY, _Problem.STORE_AWAY}:
            break
    return count


def waiting(*, at: datetime, limit: int = 200) -> list[tuple[UUID, UUID]]:
    """(vault, file) of files that are due: their task was lost, or an earlier try had no verdict."""
    rows = StoredFile.objects.filter(state=StoredFile.State.WAITING)
    due = rows.annotate(due=Coalesce("due_at", "received_at")).filter(received_at__lt=at - SWEEP_AFTER, due__lte=at)
    return list(due.order_by("due", "id").values_list("vault_id", "id")[:limit])


def bytes_of(file: StoredFile) -> bytes:
    """Decrypted content, whatever the state: for the scanner and the reading service only.

    Raises `VaultDestroyedError`, `TamperedError`, `FileNotFoundError`: lost; `StoreUnavailableError`,
    `MasterKeyMissingError`: not now.
    """
    return cipher_of(vault=file.vault, file_id=file.id).decrypt(store.read(file.object_name))


@transaction.atomic
def _claim(vault_id: UUID, file_id: UUID, at: datetime) -> StoredFile | None:
    """The file with a try more, for this run alone; None when there is nothing to do."""
    file = _locked(vault_id, file_id)
    if file is None or file.state != StoredFile.State.WAITING or (file.due_at is not None and file.due_at > at):
        return None
    if file.attempts >= TRIES:
        _park(file, at)
        return None
    file.attempts += 1
    file.due_at, file.problem = at + LEASE, _Problem.INTERRUPTED
    file.save(update_fields=["attempts", "due_at", "problem"])
    return file


def _judged(file: StoredFile, scanner: Scanner) -> Verdict | Failure:
    try:
        return scanner.scan(bytes_of(file))
    except tuple(_FAILURES) as error:
        return next(failure for kind, failure in _FAILURES.items() if isinstance(error, kind))


@transaction.atomic
def _settle(claimed: StoredFile, outcome: Verdict | Failure, at: datetime) -> StoredFile.State:
    """Write down how a try ended, unless another run has taken the file over since."""
    file = _locked(claimed.vault_id, claimed.id)
    if file is None or file.state != StoredFile.State.WAITING or file.attempts != claimed.attempts:
        return StoredFile.State(file.state if file else claimed.state)
    if isinstance(outcome, Verdict):
        _write_verdict(file, outcome, at)
    else:
        _write_failure(file, outcome, at)
    reach("files.scan.before_commit")
    return StoredFile.State(file.state)


def _write_verdict(file: StoredFile, verdict: Verdict, at: datetime) -> None:
    file.state = StoredFile.State.INFECTED if verdict.infected else StoredFile.State.CLEAN
    file.scanner, file.finding, file.scanned_at = verdict.engine[:64], verdict.finding[:120], at
    file.due_at, file.problem = None, ""
    file.save(update_fields=["state", "scanner", "finding", "scanned_at", "due_at", "problem"])
    if verdict.infected:
        _record(file, "files.object.quarantine", at)
    else:
        followers.tell(vault_id=file.vault_id, file_id=file.id)


def _write_failure(file: StoredFile, failure: Failure, at: datetime) -> None:
    file.problem = failure.problem
    if not failure.counts:
        file.attempts -= 1
        file.due_at = at + AWAY
    elif failure.final or file.attempts >= TRIES:
        _park(file, at)
        return
    else:
        file.due_at = at + WAITS[file.attempts - 1]
    file.save(update_fields=["problem", "attempts", "due_at"])


def _park(file: StoredFile, at: datetime) -> None:
    file.state, file.parked_at, file.due_at = StoredFile.State.PARKED, at, None
    file.save(update_fields=["state", "parked_at", "due_at", "problem", "attempts"])
    _record(file, "files.object.park", at)
    logger.error("file_parked")


def _locked(vault_id: UUID, file_id: UUID) -> StoredFile | None:
    rows = StoredFile.objects.select_for_update(of=("self",)).select_related("vault")
    return rows.filter(pk=(vault_id, file_id)).first()


def _record(file: StoredFile, action: str, at: datetime) -> None:
    scope, target = file.vault.owner_id, f"file:{file.id}"
    facts: dict[str, Fact] = {"reason": file.problem, "attempts": file.attempts}
    line = Line(action=action, target=target, scope_id=scope, actor_id="files.scan", facts=facts)
    record(actor=SYSTEM, at=at, line=line)
