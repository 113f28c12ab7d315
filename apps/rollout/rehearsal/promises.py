"""What must have become of people by the calendar and the files alone, written apart from the jobs that did it.

Ends of windows and holds of openings are the word of the machine: here sendings, choices, deaths and spaces count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from apps.rollout.rehearsal.plans import STOP_DAY, Plan

SIX_WEEKS = 42  # of the law (CSP R1111-28), whatever the settings say
_WRITTEN_WITHIN = 35  # days from the file that names somebody to their notice: two weeks of capacity, a pause, returns


@dataclass(slots=True, kw_only=True)
class Told:
    """Numbers that the last file of the insurer calls dead, or does not name any more since `at`."""

    dead: Collection[str] = field(default_factory=frozenset)
    left: Collection[str] = field(default_factory=frozenset)
    at: datetime | None = None


# The last notice that reached a reader of the person: their six weeks begin with it (SPA-04).
_REACHED = """
    LEFT JOIN LATERAL (
        SELECT max(n.sent_at) AS at FROM rollout_notice AS n
        WHERE n.person_id = e.identity_id AND n.kind IN ('first', 'again', 'majority') AND n.state = 'sent'
            AND (s.opened_at IS NULL OR n.sent_at <= s.opened_at)
    ) AS reached ON true
"""
_NOBODY_ASKED = """
    NOT EXISTS (
        SELECT FROM rollout_persontransition AS t
        WHERE t.person_id = e.identity_id AND t.to_state IN ('OPENING_ASKED', 'OPEN_ACTIVE') AND t.at <= s.opened_at
    )
"""
_DAY = "({} AT TIME ZONE 'Europe/Paris')::date"
_IS_REGISTERED = "i.died_on IS NULL AND e.double_of_id IS NULL AND e.state NOT IN ('NOT_ELIGIBLE', 'OPEN_FAILED')"
_MAY_OPEN = f"""
    s.id IS NULL AND {_IS_REGISTERED}
    AND NOT EXISTS (SELECT FROM rollout_opposition AS o WHERE o.person_id = e.identity_id AND o.withdrawn_at IS NULL)
    AND NOT EXISTS (SELECT FROM rollout_conflict AS c WHERE c.person_id = e.identity_id AND c.decided_at IS NULL)
    AND NOT EXISTS (
        SELECT FROM rollout_claim_people AS m JOIN rollout_claim AS c ON c.id = m.claim_id
        WHERE m.eligibleperson_id = e.identity_id AND c.ended_at IS NULL
    )
"""  # noqa: S608  constants only
_PROMISES = {
    # SPA-03, ROL-14
    "opened before six weeks were over": f"""
        s.id IS NOT NULL AND {_NOBODY_ASKED}
        AND (reached.at IS NULL OR {_DAY.format("s.opened_at")} - {_DAY.format("reached.at")} <= %(six_weeks)s)
    """,
    # ROL-02: nobody is forgotten. A notice that came back, or one that is still to leave, is a reason to wait.
    "six weeks over, not opened": f"""
        {_MAY_OPEN} AND {_DAY.format("reached.at")} < %(last_opening)s - %(six_weeks)s
        AND NOT EXISTS (
            SELECT FROM rollout_notice AS n
            WHERE n.person_id = e.identity_id AND n.kind IN ('first', 'again', 'majority') AND (
                n.state IN ('prepared', 'sending') OR n.state IN ('returned', 'failed') AND n.ended_at > reached.at
            )
        )
    """,
    # SPA-08, SPA-10
    "asked for the opening, not opened": f"{_MAY_OPEN} AND e.state = 'OPENING_ASKED' AND e.state_at < %(last_asked)s",
    # SPA-02, SPA-13
    "never written to": f"""
        {_MAY_OPEN} AND e.hold = '' AND NOT EXISTS (SELECT FROM rollout_notice AS n WHERE n.person_id = e.identity_id)
        AND EXISTS (SELECT FROM rollout_importrun AS r WHERE r.id = e.first_run_id AND r.started_at < %(written_by)s)
    """,  # noqa: S608
    # RO-06, decisions.md 7
    "opened while an opposition was looked into": f"""
        {_NOBODY_ASKED} AND (
            EXISTS (
                SELECT FROM rollout_claim_people AS m JOIN rollout_claim AS c ON c.id = m.claim_id
                WHERE m.eligibleperson_id = e.identity_id
                    AND s.opened_at > c.entered_at AND (c.ended_at IS NULL OR s.opened_at < c.ended_at)
            ) OR EXISTS (
                SELECT FROM rollout_conflict AS c WHERE c.person_id = e.identity_id
                    AND s.opened_at > c.opened_at AND (c.decided_at IS NULL OR s.opened_at < c.decided_at)
            )
        )
    """,  # noqa: S608
    # SPA-04: what came back is followed by a letter, or the person waits; it never counts as told.
    "notice came back, nothing followed": "s.id IS NULL AND e.state = 'NOTICE_SENT' AND reached.at IS NULL",
    # SPA-36
    "dead by the file, alive in the register": "i.ins_number = ANY(%(dead)s) AND i.died_on IS NULL",
    "dead, with an open space": "i.died_on IS NOT NULL AND s.status = 'open'",
    # SPA-06
    "not insured any more, opened since": f"""
        i.ins_number = ANY(%(left)s) AND s.opened_at > %(left_at)s AND {_NOBODY_ASKED}
    """,
}
_COUNT = """
    SELECT count(*) FROM rollout_eligibleperson AS e JOIN accounts_insidentity AS i ON i.id = e.identity_id
    LEFT JOIN spaces_healthspace AS s ON s.identity_id = e.identity_id
"""


def broken(plan: Plan, told: Told) -> Iterator[str]:
    """Promises that were not kept, each with the number of people; none when all were."""
    values = _values(plan, told)
    for name, condition in _PROMISES.items():
        with connection.cursor() as cursor:
            cursor.execute(f"{_COUNT} {_REACHED} WHERE {condition}", values)
            (people,) = cursor.fetchone()
        if people:
            yield f"{name}: {people}"


def _values(plan: Plan, told: Told) -> dict[str, Any]:
    """The last day on which spaces open is not one of the stop."""
    last = plan.days - 1
    last -= last == STOP_DAY
    return {
        "six_weeks": SIX_WEEKS,
        "last_opening": plan.day(last),
        "last_asked": plan.at(last, 20),
        "written_by": plan.at(plan.days - _WRITTEN_WITHIN, 0),
        "dead": sorted(told.dead),
        "left": sorted(told.left),
        "left_at": told.at,
    }
