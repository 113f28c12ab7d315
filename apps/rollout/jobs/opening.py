"""Opens the spaces that are due, slice by slice; each slice is one transaction and moves its people on (ROL-21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from uuid import UUID

from django.db import connection, transaction

from apps.common.failpoints import reach
from apps.rollout.jobs.lanes import in_lanes
from apps.rollout.jobs.progress import Listener, Progress, nobody
from apps.spaces.jobs import open_prepared, prepare_openings

RULE = "SPA-03"
ACTOR = "rollout.open"
SLICE = 50_000  # people a transaction
_WAIT = "SET LOCAL lock_timeout = '60s'"  # for a killed run whose last transaction lives on for a moment
_DEATHS = """
    UPDATE rollout_eligibleperson AS e SET state = 'NOT_OPENED_DEATH', state_at = %(at)s
    FROM accounts_insidentity AS i
    WHERE e.state = 'ELIGIBLE' AND i.id = e.identity_id AND i.died_on IS NOT NULL
"""
_DUE = """
    INSERT INTO space_opening (identity_id)
    SELECT e.identity_id FROM rollout_eligibleperson AS e JOIN accounts_insidentity AS i ON i.id = e.identity_id
    WHERE e.state = 'ELIGIBLE' AND e.double_of_id IS NULL AND i.died_on IS NULL
        AND e.identity_id > %(after)s AND e.identity_id <= %(upto)s
"""
# One walk through the register; a search for the next people in each slice would pass all those before again.
_ENDS = """
    SELECT identity_id FROM (
        SELECT identity_id, row_number() OVER (ORDER BY identity_id) AS place, count(*) OVER () AS people
        FROM rollout_eligibleperson WHERE state = 'ELIGIBLE' AND double_of_id IS NULL
    ) AS due WHERE place %% %(slice)s = 0 OR place = people ORDER BY identity_id
"""
# Minors by the file's word, adults under a measure that represents the person (SPA-50); assistance gives nothing
# (SPA-51). A number that means nobody, two people or somebody dead gives no right. The end is that of
# apps.spaces.majority: midnight in Paris of the 18th birthday, unknown parts read as the earliest, 29 February as
# 1 March.
_REPRESENTATIVES = """
    INSERT INTO space_opening_representative (identity_id, person_id, capacity, ends_at, measure)
    SELECT DISTINCT ON (e.identity_id, p.id) e.identity_id, p.id, r.capacity,
        CASE e.situation WHEN 'MINEUR' THEN (
            make_date(left(i.birth_date, 4)::int + 18, greatest(substr(i.birth_date, 6, 2)::int, 1), 1)
            + greatest(right(i.birth_date, 2)::int, 1) - 1
        )::timestamp AT TIME ZONE 'Europe/Paris' END,
        CASE e.situation WHEN 'MINEUR' THEN '' ELSE e.measure END
    FROM space_opening AS o
    JOIN rollout_eligibleperson AS e ON e.identity_id = o.identity_id
    JOIN accounts_insidentity AS i ON i.id = e.identity_id
    CROSS JOIN LATERAL (
        VALUES (1, e.rl1_number, e.rl1_capacity), (2, e.rl2_number, e.rl2_capacity)
    ) AS r (place, number, capacity)
    JOIN LATERAL (
        SELECT (array_agg(DISTINCT n.id))[1] AS id FROM (
            SELECT id FROM accounts_insidentity WHERE ins_number = r.number
            UNION ALL SELECT identity_id FROM accounts_formerinsnumber WHERE ins_number = r.number
        ) AS n HAVING count(DISTINCT n.id) = 1
    ) AS named ON true
    JOIN accounts_insidentity AS p ON p.id = named.id
    WHERE (e.situation = 'MINEUR' OR e.measure IN ('TUTELLE', 'HABILITATION_FAMILIALE'))
        AND r.number <> '' AND r.capacity <> '' AND p.died_on IS NULL AND p.id <> e.identity_id
    ORDER BY e.identity_id, p.id, r.place
"""
_MOVE_ON = """
    UPDATE rollout_eligibleperson AS e SET state = 'OPEN', state_at = %(at)s
    FROM space_opening AS o WHERE e.identity_id = o.identity_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """People: `opened` now, `already` open before, `not_opened` in any other state."""

    opened: int
    already: int
    not_opened: int


def open_due(*, at: datetime, lanes: int = 1, progress: Listener = nobody) -> int:
    """Open everybody who is due; the caller holds the lock. Returns the number of new spaces.

    `lanes`: slices at work at the same time, each on a connection of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DEATHS, {"at": at})
        cursor.execute(_ENDS, {"slice": SLICE})
        ends = [end for (end,) in cursor.fetchall()]
    slices = list(pairwise([UUID(int=0), *ends]))
    opened = 0
    for done, (_slice, made) in enumerate(in_lanes(work=partial(_open_slice, at), slices=slices, lanes=lanes), 1):
        opened += made
        progress(Progress(phase="opening", done=done, total=len(slices), items=opened))
    return opened


@transaction.atomic
def _open_slice(at: datetime, ends: tuple[UUID, UUID]) -> int:
    """Number of spaces made for the people behind the first id, up to the second."""
    prepare_openings()
    with connection.cursor() as cursor:
        cursor.execute(_WAIT)
        cursor.execute(_DUE, {"after": ends[0], "upto": ends[1]})
        if not cursor.rowcount:
            return 0
        cursor.execute("ANALYZE space_opening")
        cursor.execute(_REPRESENTATIVES)
        cursor.execute(_MOVE_ON, {"at": at})
    reach("rollout.opening.before_commit")
    return open_prepared(rule=RULE, actor_id=ACTOR, at=at)
