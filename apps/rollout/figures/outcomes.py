"""What became of every person of the register, told twice: by the states, and by the facts (ROL-02).

The first way reads the columns of the register alone. The second does not look at the state: it reads spaces,
standing oppositions, deaths, notices, conflicts and the journal of transitions. Equal sums prove little, so that the
two are compared person by person, in one statement for all waves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Outcome(TextChoices):
    """Lines of the reconciliation sheet; every eligible person stands in exactly one."""

    OPENED = "opened", pgettext_lazy("outcome", "space opened")
    OPPOSED = "opposed", pgettext_lazy("outcome", "opposition")
    HELD = "held", pgettext_lazy("outcome", "held")
    FAILED = "failed", pgettext_lazy("outcome", "opening failed")
    DEAD = "dead", pgettext_lazy("outcome", "death")
    NOT_ELIGIBLE = "not-eligible", pgettext_lazy("outcome", "no longer eligible")
    WAITING = "waiting", pgettext_lazy("outcome", "not yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """People of one wave (None: of no wave) with one outcome by the states and one by the facts.

    `detail`: the state, the reason of the hold or of the failure. `example`: one of them.
    """

    wave_id: UUID | None
    by_state: Outcome
    detail: str
    by_fact: Outcome
    people: int
    example: UUID


# At 18 the machine runs once more beside the open space (SPA-48). A refusal that was never confirmed ends by silence
# (SPA-21). Somebody who opposed late had a space for a moment (decisions.md 8).
_CELLS = """
    SELECT wave_id, by_state, detail, by_fact, count(*), any_value(identity_id) FROM (
        SELECT identity_id, wave_id,
            CASE
                WHEN state IN ('OPEN', 'OPEN_ACTIVE') THEN 'opened'
                WHEN state IN ('OPPOSED', 'OPPOSED_DMP_KEPT') THEN 'opposed'
                WHEN state = 'OPEN_FAILED' THEN 'failed'
                WHEN state = 'NOT_OPENED_DEATH' THEN 'dead'
                WHEN state = 'NOT_ELIGIBLE' THEN 'not-eligible'
                WHEN space_id IS NOT NULL AND state IN ('NOTICE_QUEUED', 'NOTICE_SENT', 'NOTICE_FAILED') AND EXISTS (
                    SELECT FROM rollout_persontransition AS t WHERE t.person_id = identity_id AND t.rule = 'SPA-48'
                ) THEN 'opened'
                WHEN hold <> '' OR double_of_id IS NOT NULL THEN 'held'
                ELSE 'waiting'
            END AS by_state,
            CASE
                WHEN state = 'OPEN_FAILED' THEN state_reason
                WHEN state IN ('OPEN', 'OPEN_ACTIVE', 'OPPOSED', 'OPPOSED_DMP_KEPT', 'NOT_OPENED_DEATH', 'NOT_ELIGIBLE')
                    OR hold = '' AND double_of_id IS NULL THEN state
                ELSE coalesce(nullif(hold, ''), 'double')
            END AS detail,
            CASE
                WHEN status IN ('open', 'suspended') THEN 'opened'
                WHEN space_id IS NOT NULL AND NOT stands AND closure_reason <> 'late-opposition' THEN 'opened'
                WHEN died_on IS NOT NULL AND last = 'NOT_ELIGIBLE' THEN 'not-eligible'
                WHEN died_on IS NOT NULL AND (NOT stands OR last = 'NOT_OPENED_DEATH') THEN 'dead'
                WHEN stands THEN 'opposed'
                WHEN last = 'NOT_ELIGIBLE' THEN 'not-eligible'
                WHEN last = 'OPEN_FAILED' THEN 'failed'
                WHEN double_of_id IS NOT NULL THEN 'held'
                WHEN EXISTS (
                    SELECT FROM rollout_conflict AS c WHERE c.person_id = identity_id AND c.decided_at IS NULL
                ) THEN 'held'
                WHEN hold = 'no-representative' THEN 'held'
                WHEN hold = 'claim' AND EXISTS (
                    SELECT FROM rollout_claim_people AS m JOIN rollout_claim AS c ON c.id = m.claim_id
                    WHERE m.eligibleperson_id = identity_id AND c.state = 'waiting'
                ) THEN 'held'
                WHEN hold = 'returned' AND EXISTS (
                    SELECT FROM rollout_notice AS n
                    WHERE n.person_id = identity_id AND n.state IN ('returned', 'failed')
                ) THEN 'held'
                ELSE 'waiting'
            END AS by_fact
        FROM (
            SELECT e.identity_id, e.wave_id, e.state, e.state_reason, e.hold, e.double_of_id, i.died_on,
                s.id AS space_id, s.status, s.closure_reason,
                (o.id IS NOT NULL AND (s.id IS NULL OR NOT EXISTS (
                    SELECT FROM rollout_persontransition AS t
                    WHERE t.person_id = e.identity_id AND t.rule = 'SPA-21' AND t.to_state = 'OPEN'
                        AND t.at >= o.entered_at
                ))) AS stands,
                CASE WHEN s.status IN ('open', 'suspended') THEN '' ELSE coalesce((
                    SELECT t.to_state FROM rollout_persontransition AS t
                    WHERE t.person_id = e.identity_id ORDER BY t.id DESC LIMIT 1
                ), '') END AS last
            FROM rollout_eligibleperson AS e
            JOIN accounts_insidentity AS i ON i.id = e.identity_id
            LEFT JOIN spaces_healthspace AS s ON s.identity_id = e.identity_id
            LEFT JOIN rollout_opposition AS o ON o.person_id = e.identity_id AND o.withdrawn_at IS NULL
            WHERE {scope}
        ) AS person
    ) AS told
    GROUP BY wave_id, by_state, detail, by_fact ORDER BY wave_id, by_state, detail, by_fact
"""


def cells(wave_id: UUID | None = None) -> list[Cell]:
    """Of one wave; None: of everybody, with and without a wave."""
    scope = "true" if wave_id is None else "e.wave_id = %(wave)s"
    with connection.cursor() as cursor:
        cursor.execute(_CELLS.format(scope=scope), {"wave": wave_id})
        return [
            Cell(
                wave_id=wave, by_state=Outcome(state), detail=detail, by_fact=Outcome(fact), people=people,
                example=example,
            )
            for wave, state, detail, fact, people, example in cursor.fetchall()
        ]  # fmt: skip


def disagreements(found: Iterable[Cell]) -> dict[tuple[Outcome, Outcome], list[Cell]]:
    """Cells whose two outcomes differ, by the pair (by the states, by the facts)."""
    pairs: dict[tuple[Outcome, Outcome], list[Cell]] = {}
    for cell in found:
        if cell.by_state is not cell.by_fact:
            pairs.setdefault((cell.by_state, cell.by_fact), []).append(cell)
    return pairs
