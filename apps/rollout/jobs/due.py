"""Who is due for the opening, in SQL about `rollout_eligibleperson AS e` and `rollout_wave AS w` (ROL-14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from apps.rollout.stops import NOT_STOPPED
from apps.rollout.window import kept_before
from apps.spaces.models.space import FIRST_SERVICES

Span = tuple[UUID, UUID]  # people behind the first id, up to the second

# A wave that two people let open; its pause stops sendings only (ROL-12).
_LET_OPEN = "w.opening_approved_by_id IS NOT NULL AND w.state NOT IN ('draft', 'approved', 'cancelled')"
_FREE = "e.hold = '' AND e.double_of_id IS NULL"
# Who asks for the opening was found by a code or by an operator: that their notice came back is no reason to wait.
_FREE_TO_ASK = "e.hold NOT IN ('conflict', 'claim') AND e.double_of_id IS NULL"
# Silence says nothing of somebody who was not asked.
_UNCONFIRMED = """
    SELECT FROM rollout_opposition AS p
    WHERE p.person_id = e.identity_id AND p.withdrawn_at IS NULL AND p.confirmed_at IS NULL
        AND p.received_at < %(kept_before)s AND EXISTS (
            SELECT FROM rollout_notice AS n WHERE n.person_id = e.identity_id AND n.kind = 'confirm'
                AND n.state = 'sent' AND n.prepared_at >= p.entered_at
        )
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One way of being due: its rule, its condition, and whether an opposition that nobody confirmed lapses by it."""

    rule: str
    condition: str
    lapses: bool = False

    def statement(self, template: str) -> str:
        """`template` with the people in it; the big stop is one of the conditions, so every slice reads it (REL-10)."""
        people = f"""
            FROM rollout_eligibleperson AS e LEFT JOIN rollout_wave AS w ON w.id = e.wave_id
            WHERE {self.condition} AND {NOT_STOPPED}
        """
        return template.format(people=people)


WAITED = Due(
    rule="SPA-03", condition=f"e.state = 'NOTICE_SENT' AND e.window_ends_at <= %(at)s AND {_FREE} AND {_LET_OPEN}"
)
ASKED = Due(rule="SPA-10", condition=f"e.state = 'OPENING_ASKED' AND {_FREE_TO_ASK}")
SILENT = Due(
    rule="SPA-21",
    condition=f"e.state = 'OPPOSED_DMP_KEPT' AND {_FREE} AND {_LET_OPEN} AND EXISTS ({_UNCONFIRMED})",
    lapses=True,
)
# What made them due before was not undone: an opposition would have moved them on.
FAILED = Due(rule="SPA-05", condition=f"e.state = 'OPEN_FAILED' AND {_FREE_TO_ASK}")

# One walk through the register; a search for the next people in each slice would pass all those before again.
_ENDS = """
    SELECT identity_id FROM (
        SELECT e.identity_id, row_number() OVER (ORDER BY e.identity_id) AS place, count(*) OVER () AS people {people}
    ) AS due WHERE place %% %(slice)s = 0 OR place = people ORDER BY identity_id
"""
_IN_SPAN = "AND e.identity_id > %(after)s AND e.identity_id <= %(upto)s"
_MIDDLE = f"""
    SELECT count(*), (array_agg(e.identity_id ORDER BY e.identity_id))[(count(*) + 1) / 2] {{people}} {_IN_SPAN}
"""
# Whose row somebody else writes just now, an opposition above all, waits for the next run (REL-09).
_TAKE = f"""
    INSERT INTO space_opening (identity_id, services)
    SELECT e.identity_id, COALESCE(w.services, %(first)s::text[]) {{people}} {_IN_SPAN}
    FOR NO KEY UPDATE OF e SKIP LOCKED
"""
# Read once more under the locks, as it stands now: deaths, and oppositions however they came in.
_LEAVE = """
    DELETE FROM space_opening AS o USING accounts_insidentity AS i
    WHERE i.id = o.identity_id AND (
        i.died_on IS NOT NULL OR EXISTS (
            SELECT FROM rollout_opposition AS p WHERE p.person_id = o.identity_id AND p.withdrawn_at IS NULL
                AND (p.confirmed_at IS NOT NULL OR NOT %(lapses)s)
        )
    )
"""


def slice_ends(due: Due, *, at: datetime, size: int) -> list[UUID]:
    """Last person of each slice of `size` people who are due, in order."""
    with connection.cursor() as cursor:
        cursor.execute(due.statement(_ENDS), {**_values(at), "slice": size})
        return [end for (end,) in cursor.fetchall()]


def middle(due: Due, *, at: datetime, span: Span) -> tuple[int, UUID | None]:
    """How many are due in the span, and the last person of its first half."""
    with connection.cursor() as cursor:
        cursor.execute(due.statement(_MIDDLE), _values(at, span))
        people, half = cursor.fetchone()
    return people, half


def take(due: Due, *, at: datetime, span: Span) -> int:
    """Lock those who are due in the span and name them in `space_opening`; returns how many.

    The same transaction reads their state, hold, wave and stop, then death and oppositions once more (ROL-14): an
    opposition that holds the row first wins, one that comes later finds them open.
    """
    with connection.cursor() as cursor:
        cursor.execute(due.statement(_TAKE), _values(at, span))
        taken = int(cursor.rowcount)
        if taken:
            cursor.execute("ANALYZE space_opening")
            cursor.execute(_LEAVE, {"lapses": due.lapses})
            taken -= cursor.rowcount
    return taken


def _values(at: datetime, span: Span | None = None) -> dict[str, Any]:
    after, upto = span or (None, None)
    return {"at": at, "kept_before": kept_before(at), "after": after, "upto": upto, "first": FIRST_SERVICES}
