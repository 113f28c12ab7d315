"""Everything in the roll-out that does not agree: no difference is the proof that nobody was forgotten (ROL-02)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from apps.rollout.figures import outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that does not agree. `code`: a name of `STATEMENTS`, or `<outcome>/<outcome>`, by states and by facts.

    `example`: the id of one such person, or of an import.
    """

    code: str
    count: int
    example: UUID | None

    def __str__(self) -> str:
        return f"{self.code}: {self.count} ({self.example})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """SQL that finds the people `e` for whom a rule does not hold."""

    where: str
    joins: str = ""


_LAST = """(
    SELECT t.to_state FROM rollout_persontransition AS t WHERE t.person_id = e.identity_id ORDER BY t.id DESC LIMIT 1
)"""
_NOTICE = """
    SELECT FROM rollout_notice AS n
    WHERE n.person_id = e.identity_id AND n.kind IN ('first', 'again', 'resent', 'majority')
"""
_LAPSED = """
    SELECT FROM rollout_persontransition AS t
    WHERE t.person_id = e.identity_id AND t.rule = 'SPA-21' AND t.to_state = 'OPEN' AND t.at >= o.entered_at
"""
_OPENING = """
    JOIN LATERAL (
        SELECT t.rule, t.at FROM rollout_persontransition AS t
        WHERE t.person_id = e.identity_id AND t.to_state = 'OPEN' ORDER BY t.id DESC LIMIT 1
    ) AS opening ON opening.rule = 'SPA-03'
"""
_IS_OPEN = "e.state IN ('OPEN', 'OPEN_ACTIVE')"

STATEMENTS: dict[str, Broken] = {
    # REL-09: a receipt shown means that no space opens afterwards.
    "opposed-then-opened": Broken(
        joins="""
            JOIN rollout_opposition AS o ON o.person_id = e.identity_id AND o.withdrawn_at IS NULL
            JOIN spaces_healthspace AS s ON s.identity_id = e.identity_id
        """,
        where=f"s.status IN ('open', 'suspended') AND s.opened_at >= o.received_at AND NOT EXISTS ({_LAPSED})",
    ),
    # ROL-20: nobody moves without a line.
    "state-without-transition": Broken(where=f"e.state <> coalesce({_LAST}, 'ELIGIBLE')"),
    # SPA-03: the window runs from a sending.
    "sent-without-notice": Broken(
        where=f"e.state = 'NOTICE_SENT' AND NOT EXISTS ({_NOTICE} AND n.state IN ('sent', 'uncertain'))"
    ),
    "queued-without-notice": Broken(
        where=f"""
            e.state = 'NOTICE_QUEUED'
            AND NOT EXISTS ({_NOTICE} AND n.state IN ('prepared', 'sending', 'sent', 'uncertain'))
        """
    ),
    # ROL-14: never before day 43.
    "opened-before-the-end": Broken(
        joins=_OPENING, where=f"{_IS_OPEN} AND (e.window_ends_at IS NULL OR opening.at < e.window_ends_at)"
    ),
    # SEC-21: two people let a wave open.
    "opened-without-approval": Broken(
        joins=f"{_OPENING} LEFT JOIN rollout_wave AS w ON w.id = e.wave_id",
        where=f"{_IS_OPEN} AND w.opening_approved_by_id IS NULL",
    ),
    # A finished wave has only people who are done, held, or whose space is open anyhow.
    "waiting-in-a-closed-wave": Broken(
        joins="JOIN rollout_wave AS w ON w.id = e.wave_id AND w.state IN ('closed', 'cancelled')",
        where="""
            e.hold = '' AND e.double_of_id IS NULL
            AND e.state IN ('ELIGIBLE', 'NOTICE_QUEUED', 'NOTICE_SENT', 'NOTICE_FAILED')
            AND NOT EXISTS (SELECT FROM spaces_healthspace AS s WHERE s.identity_id = e.identity_id)
        """,
    ),
    # SEC-06
    "several-live-codes": Broken(
        where="""(
            SELECT count(*) FROM rollout_noticecode AS c WHERE c.person_id = e.identity_id AND c.ended_at IS NULL
        ) > 1"""
    ),
    "conflict-not-held": Broken(
        joins="JOIN rollout_conflict AS c ON c.person_id = e.identity_id AND c.decided_at IS NULL",
        where="e.hold <> 'conflict'",
    ),
    "from-an-unknown-import": Broken(
        joins="LEFT JOIN rollout_importrun AS r ON r.id = e.first_run_id", where="r.id IS NULL"
    ),
}
IMPORT_SUMS = "more-people-than-lines"
_PEOPLE = """
    SELECT e.wave_id, count(*), any_value(e.identity_id) FROM rollout_eligibleperson AS e {joins}
    WHERE ({where}) AND {scope} GROUP BY e.wave_id ORDER BY e.wave_id
"""
_IMPORTS = """
    SELECT count(*), any_value(r.id) FROM rollout_importrun AS r
    JOIN (SELECT first_run_id, count(*) AS people FROM rollout_eligibleperson GROUP BY first_run_id) AS came
        ON came.first_run_id = r.id
    WHERE came.people > r.accepted AND r.state = 'done'
"""


def reconcile(wave_id: UUID | None = None) -> list[Difference]:
    """All differences of one wave, or of the whole register; an empty list when everything agrees.

    Reads only, set-wise. While jobs are at work, ask inside one transaction of repeatable read.
    """
    found = [*of_outcomes(outcomes.cells(wave_id)), *(broken(code, wave_id) for code in STATEMENTS)]
    if wave_id is None:
        found.append(of_imports())
    return [difference for difference in found if difference.count]


def of_outcomes(cells: list[outcomes.Cell]) -> Iterator[Difference]:
    """People whose state says something else than the facts."""
    for (by_state, by_fact), those in outcomes.disagreements(cells).items():
        people = sum(cell.people for cell in those)
        yield Difference(code=f"{by_state}/{by_fact}", count=people, example=those[0].example)


def broken(code: str, wave_id: UUID | None = None) -> Difference:
    """How many people break the statement `code`."""
    rows = of_waves(code, wave_id)
    return Difference(
        code=code, count=sum(count for _wave, count, _example in rows), example=rows[0][2] if rows else None
    )


def of_waves(code: str, wave_id: UUID | None = None) -> list[tuple[UUID | None, int, UUID]]:
    """Wave, number of people who break the statement `code`, one of them; for one wave or for all, None included."""
    statement = STATEMENTS[code]
    scope = "true" if wave_id is None else "e.wave_id = %(wave)s"
    query = _PEOPLE.format(joins=statement.joins, where=statement.where, scope=scope)
    with connection.cursor() as cursor:
        cursor.execute(query, {"wave": wave_id})
        return [(wave, people, example) for wave, people, example in cursor.fetchall()]


def of_imports() -> Difference:
    """Finished imports by which more people came than they took lines."""
    with connection.cursor() as cursor:
        cursor.execute(_IMPORTS)
        count, example = cursor.fetchone()
    return Difference(code=IMPORT_SUMS, count=count, example=example)
