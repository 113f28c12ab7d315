"""Lines of the trail for whole sets of scopes, written by one statement (decisions.md 33)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from apps.access import Actor
from apps.audit.models import AuditEvent
from apps.audit.services import Line

_INSERT = """
    INSERT INTO {trail} (
        scope_id, id, at, action, actor_role, actor_id, organisation_id, on_behalf_of, purpose, reason, outcome, rule,
        target, level, request_id, facts)
    SELECT {scope}, uuidv7(), %(at)s, %(action)s, %(role)s, %(actor)s, '', '', %(purpose)s, '', %(outcome)s, %(rule)s,
        %(target)s || {scope}::text, '', '', %(facts)s::jsonb
    FROM {source}
"""


def record_for_scopes(*, actor: Actor, line: Line, at: datetime, source: sql.Composable, scope: str) -> int:
    """Write one line for each row of `source` (a table or a subquery in brackets); column `scope` holds the scope's id.

    `line.target` is the kind in front of that id (`space:`), `line.actor_id` the name of the job. Inside the caller's
    transaction, sealed later like every line. Returns the number of lines.
    """
    decision = line.decision
    outcome = AuditEvent.Outcome.PERMITTED if decision is None or decision.allowed else AuditEvent.Outcome.DENIED
    statement = sql.SQL(_INSERT).format(
        trail=sql.Identifier(AuditEvent._meta.db_table),
        scope=sql.Identifier(scope),
        source=source,
    )
    values: dict[str, Any] = {
        "at": at,
        "action": line.action,
        "role": actor.role.value,
        "actor": line.actor_id,
        "purpose": actor.purpose.value,
        "outcome": outcome.value,
        "rule": decision.rule if decision is not None else "",
        "target": line.target,
        "facts": json.dumps(dict(line.facts)),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
