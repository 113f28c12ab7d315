"""One run of the opening: alone, counted, with its line in the trail (SPA-03, ROL-21)."""

from __future__ import annotations

from datetime import datetime

from apps.audit.services import Line, record
from apps.common.locks import LockTakenError, advisory_lock
from apps.rollout.jobs import majority, opening
from apps.rollout.jobs.failing import TooManyFailuresError
from apps.rollout.jobs.progress import Listener, nobody
from apps.rollout.jobs.runs import LOCK, UnfinishedImportError, system, unfinished
from apps.rollout.models import EligiblePerson

OPENING_ERRORS = (UnfinishedImportError, TooManyFailuresError)
SLICES_A_TASK = 25  # of each kind: a task ends well before its time limit
_OPEN = (EligiblePerson.State.OPEN, EligiblePerson.State.OPEN_ACTIVE)


def open_spaces(*, at: datetime, lanes: int = 1, progress: Listener = nobody) -> opening.Opened:
    """Open the space of everybody who is due, once and only once (SPA-03, ROL-14, ROL-21).

    Due is who asked for it, whose six weeks are over in a wave that two people let open, or whose opposition lapsed
    because nobody confirmed it (SPA-21). Opposition, death, eligibility, holds and stops are read again under the lock
    of each row, in the transaction that opens. Representatives of minors and of adults who are represented for their
    person get their right with it, up to its end (SPA-48, SPA-50). Each space has its line in the trail. Somebody whose
    opening fails is told, and tried again by the next run (SPA-05). Killed in the middle, the next run goes on.
    `lanes`: slices at work at once, each on its own connection. It waits for an import or opening at work.
    Raises `UnfinishedImportError` while an import is half written: doubles might not be held yet (decisions.md 31);
    `TooManyFailuresError` when so many openings fail that the fault is ours.
    """
    with advisory_lock(LOCK, wait=True):
        already = EligiblePerson.objects.filter(state__in=_OPEN).count()
        _refuse_half_written()
        done = _open(opening.Run(at=at, lanes=lanes, progress=progress))
    waiting = EligiblePerson.objects.exclude(state__in=_OPEN).count()
    result = opening.Opened(opened=done.opened, already=already, not_opened=waiting, failed=done.failed)
    _record(result, at, {"not_opened": result.not_opened})
    return result


def open_some(*, at: datetime) -> opening.Opened:
    """The same in the background, a bounded number of people; nobody while an import or opening is at work.

    Raises `TooManyFailuresError`.
    """
    return _in_background(opening.Run(at=at, at_most=SLICES_A_TASK), only_asked=False)


def open_asked(*, at: datetime) -> opening.Opened:
    """Open in the background the spaces that people asked for themselves: they wait for minutes (SPA-08, SPA-10).

    Raises `TooManyFailuresError`.
    """
    return _in_background(opening.Run(at=at, at_most=SLICES_A_TASK), only_asked=True)


def _in_background(run: opening.Run, *, only_asked: bool) -> opening.Opened:
    """Whoever finds no room now is found again by the next task."""
    try:
        with advisory_lock(LOCK, wait=False):
            _refuse_half_written()
            done = opening.open_asked(run) if only_asked else _open(run)
    except (LockTakenError, UnfinishedImportError):
        return opening.Opened(opened=0)
    if done.opened or done.failed:
        _record(done, run.at, {})
    return done


def _open(run: opening.Run) -> opening.Opened:
    majority.end_windows(at=run.at)
    return opening.open_due(run)


def _refuse_half_written() -> None:
    half_written = unfinished()
    if half_written is not None:
        raise UnfinishedImportError(half_written.file_name)


def _record(result: opening.Opened, at: datetime, facts: dict[str, int]) -> None:
    counted = {"opened": result.opened, "failed": result.failed, **facts}
    record(actor=system(at), at=at, line=Line(action="rollout.opening.run", actor_id=opening.ACTOR, facts=counted))
