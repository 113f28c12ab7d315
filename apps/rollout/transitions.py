"""The one place that moves people from state to state: the table, one person, many at once (ROL-20, 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from apps.rollout.models import EligiblePerson, PersonTransition

State = EligiblePerson.State

# From → to: the rule that allows it. What does not stand here is refused.
ALLOWED: dict[tuple[State, State], str] = {
    (State.ELIGIBLE, State.NOTICE_QUEUED): "SPA-02",
    (State.NOTICE_QUEUED, State.NOTICE_SENT): "SPA-03",
    (State.NOTICE_QUEUED, State.NOTICE_FAILED): "SPA-04",
    (State.NOTICE_SENT, State.NOTICE_FAILED): "SPA-04",
    (State.NOTICE_FAILED, State.NOTICE_QUEUED): "SPA-04",
    (State.NOTICE_SENT, State.OPEN): "SPA-03",
    (State.NOTICE_SENT, State.OPEN_FAILED): "SPA-05",
    (State.OPEN_FAILED, State.OPEN): "SPA-05",
    (State.OPENING_ASKED, State.OPEN): "SPA-10",
    (State.OPENING_ASKED, State.OPEN_FAILED): "SPA-05",
    (State.OPENING_ASKED, State.OPEN_ACTIVE): "SPA-08",
    (State.OPEN, State.OPEN_ACTIVE): "SPA-08",
    (State.OPPOSED_DMP_KEPT, State.OPPOSED): "SPA-21",
    (State.OPPOSED_DMP_KEPT, State.OPEN): "SPA-21",
    (State.OPPOSED_DMP_KEPT, State.OPEN_FAILED): "SPA-05",
    (State.OPEN, State.OPPOSED): "ROL-14",  # received in time, entered after the opening (decisions.md 8)
    (State.NOT_OPENED_DEATH, State.ELIGIBLE): "SPA-36",  # the insurer takes the death back
    (State.NOT_OPENED_DEATH, State.OPPOSED): "SPA-36",  # and had opposed before
    (State.NOT_OPENED_DEATH, State.OPPOSED_DMP_KEPT): "SPA-36",
    (State.NOT_ELIGIBLE, State.ELIGIBLE): "SPA-06",
    # At 18 the same machine runs once more beside the open space.
    (State.OPEN, State.NOTICE_QUEUED): "SPA-48",
    (State.OPEN_ACTIVE, State.NOTICE_QUEUED): "SPA-48",
    (State.NOTICE_SENT, State.NOTICE_QUEUED): "SPA-48",  # came of age while the window of the parents' notice ran
    (State.NOTICE_SENT, State.OPEN_ACTIVE): "SPA-48",
}
_BEFORE_OPENING = (
    State.ELIGIBLE, State.NOTICE_QUEUED, State.NOTICE_SENT, State.NOTICE_FAILED, State.OPEN_FAILED, State.OPENING_ASKED,
)  # fmt: skip
ALLOWED |= {(state, State.OPPOSED): "SPA-07" for state in _BEFORE_OPENING}
ALLOWED |= {(state, State.OPPOSED_DMP_KEPT): "SPA-21" for state in _BEFORE_OPENING}
ALLOWED |= {(state, State.OPENING_ASKED): "SPA-08" for state in _BEFORE_OPENING if state is not State.OPENING_ASKED}
ALLOWED |= {(state, State.OPENING_ASKED): "SPA-10" for state in (State.OPPOSED, State.OPPOSED_DMP_KEPT)}
ALLOWED |= {
    (state, State.NOT_OPENED_DEATH): "SPA-36"
    for state in (*_BEFORE_OPENING, State.OPPOSED, State.OPPOSED_DMP_KEPT, State.NOT_ELIGIBLE)
}
ALLOWED |= {(state, State.NOT_ELIGIBLE): "SPA-06" for state in _BEFORE_OPENING}


class TransitionRefusedError(Exception):
    """No such step in the table; `before` and `after` are the two states."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__(f"{before} → {after}")
        self.before = before
        self.after = after


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who moves somebody, when and by which way. `reason`: a code that stays on the person."""

    to: State
    at: datetime
    actor: str
    channel: str = ""
    reason: str = ""


def sources_of(to: State) -> list[str]:
    """States from which one may come to `to`."""
    return [before.value for before, after in ALLOWED if after is to]


def move(person: EligiblePerson, step: Step, **columns: object) -> None:
    """Move one person whose row the caller has locked; `columns` are changed with the state.

    Raises `TransitionRefusedError`.
    """
    before = State(person.state)
    rule = ALLOWED.get((before, step.to))
    if rule is None:
        raise TransitionRefusedError(before, step.to)
    changes = {"state": step.to, "state_at": step.at, "state_reason": step.reason, **columns}
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=list(changes))
    PersonTransition.objects.create(
        person_id=person.pk,
        wave_id=person.wave_id,
        from_state=before,
        to_state=step.to,
        at=step.at,
        actor=step.actor,
        channel=step.channel,
        rule=rule,
        reason=step.reason,
    )


_MOVE_MANY = """
    WITH moved AS (
        UPDATE rollout_eligibleperson AS e
        SET state = %(to)s, state_at = %(at)s, state_reason = %(reason)s{sets}
        FROM {source} AS s
        WHERE e.identity_id = s.identity_id AND e.state = ANY(%(sources)s)
        RETURNING e.identity_id, e.wave_id, OLD.state AS before
    )
    INSERT INTO rollout_persontransition (person_id, wave_id, from_state, to_state, at, actor, channel, rule, reason)
    SELECT m.identity_id, m.wave_id, m.before, %(to)s, %(at)s, %(actor)s, %(channel)s, r.rule, %(reason)s
    FROM moved AS m JOIN unnest(%(sources)s::text[], %(rules)s::text[]) AS r (before, rule) ON r.before = m.before
"""


def move_many(step: Step, *, source: sql.Composable, sets: sql.Composable | None = None, **values: Any) -> int:  # noqa: ANN401  parameters of the statement
    """Move everybody named by `source`, a table or a subquery in brackets with a column `identity_id`.

    `sets` are further assignments of the same statement, beginning with a comma, about `e` and `s`, with `values` as
    their parameters. Whoever stands in a state from which the step is not allowed is left where they are. Inside the
    caller's transaction, which has locked the rows if somebody else may write them. Returns the number moved.
    """
    rules = {before.value: rule for (before, after), rule in ALLOWED.items() if after is step.to}
    statement = sql.SQL(_MOVE_MANY).format(source=source, sets=sets or sql.SQL(""))
    parameters = {
        **values,
        "to": step.to.value,
        "at": step.at,
        "reason": step.reason,
        "actor": step.actor,
        "channel": step.channel,
        "sources": list(rules),
        "rules": list(rules.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
