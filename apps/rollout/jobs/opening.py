"""Opens the spaces that are due, slice by slice; each slice is one transaction and moves its people on (ROL-21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from apps.common.failpoints import reach
from apps.rollout.jobs.due import ASKED, FAILED, SILENT, WAITED, Due, Span, middle, slice_ends, take
from apps.rollout.jobs.failing import PERSONAL, Tally, mark_failed, reason_of
from apps.rollout.jobs.lanes import in_lanes
from apps.rollout.jobs.progress import Listener, Progress, nobody
from apps.rollout.jobs.representatives import name_representatives
from apps.rollout.models import EligiblePerson
from apps.rollout.transitions import Step, move_many
from apps.spaces.jobs import open_prepared, prepare_openings

ACTOR = "rollout.open"
SLICE = 20_000  # people a transaction: whoever opposes meanwhile waits for it, less than a second
_FIRST = UUID(int=0)
_WAIT = "SET LOCAL lock_timeout = '60s'"  # for a killed run whose last transaction lives on for a moment
# Whoever died before there was a space; a space that is there is closed by `spaces.close_dead`.
_DEAD = sql.SQL("""(
    SELECT i.id AS identity_id FROM accounts_insidentity AS i
    WHERE i.died_on IS NOT NULL AND NOT EXISTS (SELECT FROM spaces_healthspace AS h WHERE h.identity_id = i.id)
)""")
_LAPSE = """
    UPDATE rollout_opposition AS p SET withdrawn_at = %(at)s FROM space_opening AS o
    WHERE p.person_id = o.identity_id AND p.withdrawn_at IS NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """People: `opened` now, `already` open before, `not_opened` in any other state; `failed` now, among the latter."""

    opened: int
    already: int = 0
    not_opened: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: its instant, how many slices are at work at once, at most how many it does, who hears how far it is."""

    at: datetime
    lanes: int = 1
    at_most: int | None = None
    progress: Listener = nobody


def note_deaths(*, at: datetime) -> int:
    """Move on who died before their space opened (SPA-36); returns how many."""
    return move_many(Step(to=EligiblePerson.State.NOT_OPENED_DEATH, at=at, actor=ACTOR), source=_DEAD)


def open_due(run: Run) -> Opened:
    """Open everybody who is due: those who asked for it, those whose window is over, those whose opposition lapsed.

    The caller holds the lock. Raises `TooManyFailuresError`.
    """
    tally = Tally()
    note_deaths(at=run.at)
    opened = sum(_open_all(due, run, tally) for due in (ASKED, WAITED, SILENT))
    return Opened(opened=opened + _retry(run.at), failed=tally.people)


def open_asked(run: Run) -> Opened:
    """Open those who asked for the opening themselves: they wait for no window and no wave (SPA-08, SPA-10)."""
    tally = Tally()
    return Opened(opened=_open_all(ASKED, run, tally), failed=tally.people)


def _open_all(due: Due, run: Run, tally: Tally) -> int:
    ends = slice_ends(due, at=run.at, size=SLICE)[: run.at_most]
    slices: Sequence[Span] = list(pairwise([_FIRST, *ends]))
    opened = 0
    work = partial(_open_some, due, run.at, tally)
    for done, (_slice, made) in enumerate(in_lanes(work=work, slices=slices, lanes=run.lanes), 1):
        opened += made
        run.progress(Progress(phase="opening", done=done, total=len(slices), items=opened))
    return opened


def _open_some(due: Due, at: datetime, tally: Tally, span: Span) -> int:
    """Number of spaces made in the span; a slice that fails is halved until only those are left who make it fail."""
    try:
        return _open_slice(due, at, span)
    except PERSONAL as error:
        people, half = middle(due, at=at, span=span)
        if half is None:
            return 0
        if people > 1:
            return sum(_open_some(due, at, tally, part) for part in ((span[0], half), (half, span[1])))
        tally.add()
        mark_failed(person_id=half, reason=reason_of(error), actor=ACTOR, at=at)
        return 0


@transaction.atomic
def _open_slice(due: Due, at: datetime, span: Span) -> int:
    """Number of spaces made for the people of the span."""
    prepare_openings()
    with connection.cursor() as cursor:
        cursor.execute(_WAIT)
    if not take(due, at=at, span=span):
        return 0
    name_representatives()
    move_many(Step(to=EligiblePerson.State.OPEN, at=at, actor=ACTOR), source=sql.Identifier("space_opening"))
    if due.lapses:
        with connection.cursor() as cursor:
            cursor.execute(_LAPSE, {"at": at})
    reach("rollout.opening.before_commit")
    return open_prepared(rule=due.rule, actor_id=ACTOR, at=at)


def _retry(at: datetime) -> int:
    """Once more those who failed in an earlier run, one by one; who fails again stays as they are and was told."""
    opened = 0
    for person_id in slice_ends(FAILED, at=at, size=1):
        try:
            opened += _open_slice(FAILED, at, (UUID(int=person_id.int - 1), person_id))
        except PERSONAL:
            continue
    return opened
