"""Opens many spaces at once, in pure SQL: the caller fills two tables, this does the rest (SPA-03, ROL-21).

And closes the spaces of those who died since (SPA-36).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from apps.access import Actor, Decision, Role
from apps.audit.bulk import record_for_scopes
from apps.audit.services import Line
from apps.spaces.endings import CLOSED, Ending, end_space
from apps.spaces.models import HealthSpace

# `space_opening` names the people, `space_opening_representative` who stands for them. Columns with a default are ours.
_TABLES = """
    DROP TABLE IF EXISTS space_opening, space_opening_representative;
    CREATE TEMPORARY TABLE space_opening (
        identity_id uuid PRIMARY KEY, space_id uuid NOT NULL DEFAULT uuidv7(), is_new boolean NOT NULL DEFAULT true,
        services text[] NOT NULL DEFAULT ARRAY['dmp', 'mss']
    );
    CREATE TEMPORARY TABLE space_opening_representative (
        identity_id uuid NOT NULL, person_id uuid NOT NULL, capacity text NOT NULL, ends_at timestamptz,
        measure text NOT NULL DEFAULT '',
        PRIMARY KEY (identity_id, person_id)
    );
"""
_DROP = "DROP TABLE IF EXISTS space_opening, space_opening_representative"
_SPACES = """
    INSERT INTO spaces_healthspace (
        id, identity_id, status, opened_at, opening_rule, account_activated_at, closed_at, closure_reason,
        break_glass_allowed, emergency_call_allowed, masked_in_emergency, new_documents_hidden,
        services)
    SELECT space_id, identity_id, 'open', %(at)s, %(rule)s, NULL, NULL, '', true, true, false, false, services
    FROM space_opening ORDER BY space_id
    ON CONFLICT (identity_id) DO NOTHING
"""
_LEAVE_EXISTING = """
    UPDATE space_opening AS o SET is_new = false
    WHERE NOT EXISTS (SELECT FROM spaces_healthspace AS h WHERE h.id = o.space_id)
"""
_REPRESENTATIONS = """
    INSERT INTO spaces_representation (space_id, id, person_id, capacity, starts_at, ends_at, ended_at, measure)
    SELECT o.space_id, uuidv7(), r.person_id, r.capacity, %(at)s, r.ends_at, NULL, r.measure
    FROM space_opening_representative AS r JOIN space_opening AS o USING (identity_id)
    WHERE o.is_new AND (r.ends_at IS NULL OR r.ends_at > %(at)s)
"""
_NEW_SPACES = sql.SQL("(SELECT space_id FROM space_opening WHERE is_new) AS opened")


def prepare_openings() -> None:
    """Make the two tables, empty; they belong to the session and vanish with it."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)


def open_prepared(*, rule: str, actor_id: str, at: datetime) -> int:
    """Open a space for everybody in `space_opening` who has none, with their representatives and a line in the trail.

    `rule` is the rule of the opening (`SPA-03`), `actor_id` the job that acts. The caller holds the transaction and
    names only people who may represent: a representation that ended before `at` is left out. Somebody who has a space
    keeps it as it is. Returns the number of new spaces; the tables are gone afterwards.
    """
    values: dict[str, Any] = {"at": at, "rule": rule}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM space_opening")
        (wanted,) = cursor.fetchone()
        cursor.execute(_SPACES, values)
        opened = int(cursor.rowcount)
        if opened != wanted:
            cursor.execute(_LEAVE_EXISTING)
        cursor.execute(_REPRESENTATIONS, values)
    line = Line(
        action="spaces.space.open", actor_id=actor_id, target="space:", decision=Decision(allowed=True, rule=rule)
    )
    record_for_scopes(actor=Actor(role=Role.SYSTEM, at=at), line=line, at=at, source=_NEW_SPACES, scope="space_id")
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
    return opened


def close_dead(*, at: datetime, at_most: int = 500) -> int:
    """Close the spaces of people whose death came to be known after the opening (SPA-36); returns their number.

    Each in its own transaction: a job that is killed loses none, one that runs twice closes none twice.
    """
    dead = HealthSpace.objects.filter(identity__died_on__isnull=False).exclude(status__in=CLOSED)
    found = list(dead.order_by("pk").values_list("pk", flat=True)[:at_most])
    return sum(_close_dead_one(space_id, at) for space_id in found)


@transaction.atomic
def _close_dead_one(space_id: UUID, at: datetime) -> bool:
    rows = HealthSpace.objects.select_for_update(of=("self",), skip_locked=True).exclude(status__in=CLOSED)
    space = rows.filter(pk=space_id).first()
    if space is None:
        return False
    ending = Ending(
        reason=HealthSpace.ClosureReason.DEATH,
        decision=Decision(allowed=True, rule="SPA-36"),
        agent="spaces.close_dead",
    )
    end_space(space=space, actor=Actor(role=Role.SYSTEM, at=at, space_id=space.id), ending=ending, at=at)
    return True
