"""What a sending sets off: a new code becomes the live one, the six weeks begin (SPA-03, SEC-06, O-09)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from psycopg import sql

from apps.rollout.models import EligiblePerson
from apps.rollout.texts import BEGINS_WINDOW
from apps.rollout.transitions import Step, move_many

# The LAST of the sendings to the readers of one code counts: whoever was written to last has six weeks, too, and a date
# that is too late harms nobody, while one too early would open a space in somebody's time to refuse. A notice that
# still waits holds the others; one that failed or was taken back does not.
_SENT = sql.SQL("""(
    SELECT n.person_id AS identity_id,
        max(n.sent_at) FILTER (WHERE n.state = 'sent') AS sent_at,
        max(n.window_ends_at) FILTER (WHERE n.state = 'sent') AS ends_at
    FROM rollout_notice AS n JOIN rollout_noticecode AS c ON c.id = n.code_id AND c.ended_at IS NULL
    WHERE n.person_id = ANY(%(people)s) AND n.kind = ANY(%(kinds)s)
    GROUP BY n.person_id
    HAVING bool_or(n.state = 'sent') AND NOT bool_or(n.state IN ('prepared', 'sending', 'uncertain'))
)""")
_SETS = sql.SQL(", notice_sent_at = s.sent_at, window_ends_at = s.ends_at")
# The code of a notice that leaves is live from now on, the one before dies at the same instant. Of several, the latest.
# Not while a notice waits that begins the six weeks: it brings the live code; nor after the activation, which ends all.
_NEW_CODES = """
    SELECT DISTINCT ON (c.person_id) c.person_id, c.id FROM rollout_notice AS n
    JOIN rollout_noticecode AS c ON c.id = n.code_id
    JOIN rollout_eligibleperson AS e ON e.identity_id = n.person_id AND e.state NOT IN ('NOTICE_QUEUED', 'OPEN_ACTIVE')
    WHERE n.id = ANY(%(notices)s) AND n.kind = 'resent'
        AND c.ended_at = c.issued_at
        AND NOT EXISTS (
            SELECT FROM rollout_noticecode AS later
            WHERE later.person_id = c.person_id AND later.ended_at IS NULL AND later.issued_at > c.issued_at
        )
    ORDER BY c.person_id, c.issued_at DESC, c.id DESC
"""


def lock_people(people: Iterable[UUID]) -> None:
    """Lock these people before their notices, in one order, as whoever writes both does."""
    rows = EligiblePerson.objects.select_for_update(of=("self",)).filter(pk__in=set(people))
    list(rows.order_by("pk").values_list("pk"))


def begin_windows(*, people: Sequence[UUID], at: datetime, actor: str, channel: str = "") -> int:
    """Move on those of these people whose notices have all left. Returns their number."""
    if not people:
        return 0
    step = Step(to=EligiblePerson.State.NOTICE_SENT, at=at, actor=actor, channel=channel)
    kinds = [kind.value for kind in BEGINS_WINDOW]
    return move_many(step, source=_SENT, sets=_SETS, people=list(people), kinds=kinds)


def wake_codes(*, notices: Sequence[UUID], at: datetime) -> None:
    """Make the sleeping codes of notices that have left the live ones. In the transaction that says so."""
    if not notices:
        return
    with connection.cursor() as cursor:
        cursor.execute(_NEW_CODES, {"notices": list(notices)})
        found = cursor.fetchall()
        if not found:
            return
        people, codes = [row[0] for row in found], [row[1] for row in found]
        cursor.execute(
            "UPDATE rollout_noticecode SET ended_at = %s WHERE person_id = ANY(%s) AND ended_at IS NULL", [at, people]
        )
        cursor.execute("UPDATE rollout_noticecode SET ended_at = NULL WHERE id = ANY(%s)", [codes])
