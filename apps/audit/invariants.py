"""What holds of the trail at every moment (SEC-13). Whether seals are genuine is for `audit_verify`."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from apps.audit.services import seal_state
from apps.common.invariants import register

_SEALS_WITHOUT_LINE = """
    SELECT count(*) FROM audit_auditseal AS s
    WHERE NOT EXISTS (SELECT FROM audit_auditevent AS e WHERE e.scope_id = s.scope_id AND e.id = s.line_id)
"""
_LINES_FORGOTTEN = """
    SELECT count(*) FROM audit_auditevent AS e
    WHERE NOT EXISTS (SELECT FROM audit_auditseal AS s WHERE s.scope_id = e.scope_id AND s.line_id = e.id)
      AND NOT EXISTS (SELECT FROM audit_unsealedline AS w WHERE w.scope_id = e.scope_id AND w.line_id = e.id)
"""


@register("audit.lines_unsealed_for_a_minute")
def lines_unsealed_for_a_minute(*, at: datetime) -> int:
    """Lines that wait for their seal longer than sixty seconds: the sealer is dead or too slow."""
    return seal_state(at=at).late


@register("audit.seals_without_line")
def seals_without_line(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Seals whose line is gone."""
    return _count(_SEALS_WITHOUT_LINE)


@register("audit.lines_that_nobody_will_seal")
def lines_that_nobody_will_seal(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Lines with neither a seal nor a place in the queue."""
    return _count(_LINES_FORGOTTEN)


def _count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
