"""Opens many spaces at once, in pure SQL: the caller fills two tables, this does the rest (SPA-03, ROL-21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from apps.access import Actor, Decision, Role
from apps.audit.bulk import record_for_scopes
from apps.audit.services import Line

# `space_opening` names the people, `space_opening_representative` who stands for them. Columns with a default are ours.
_TABLES = """
    DROP TABLE IF EXISTS space_opening, space_opening_representative;
    CREATE TEMPORARY TABLE space_opening (
        identity_id uuid PRIMARY KEY, space_id uuid NOT NULL DEFAULT uuidv7(), is_new boolean NOT NULL DEFAULT true
    );
    CREATE TEMPORARY TABLE space_opening_representative (
        identity_id uuid NOT NULL, person_id uuid NOT NULL, capacity text NOT NULL, ends_at timestamptz,
        PRIMARY KEY (identity_id, person_id)
    );
"""
_DROP = "DROP TABLE IF EXISTS space_opening, space_opening_representative"
_SPACES = """
    INSERT INTO spaces_healthspace (
        id, identity_id, status, opened_at, opening_rule, account_activated_at, closed_at, closure_reason,
        break_glass_allowed, emergency_call_allowed, masked_in_emergency, new_documents_hidden)
    SELECT space_id, identity_id, 'open', %(at)s, %(rule)s, NULL, NULL, '', true, true, false, false
    FROM space_opening ORDER BY space_id
    ON CONFLICT (identity_id) DO NOTHING
"""
_LEAVE_EXISTING = """
    UPDATE space_opening AS o SET is_new = false
    WHERE NOT EXISTS (SELECT FROM spaces_healthspace AS h WHERE h.id = o.space_id)
"""
_REPRESENTATIONS = """
    INSERT INTO spaces_representation (space_id, id, person_id, capacity, starts_at, ends_at, ended_at)
    SELECT o.space_id, uuidv7(), r.person_id, r.capacity, %(at)s, r.ends_at, NULL
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
