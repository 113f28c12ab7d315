"""The counts behind every page that shows figures: one statement each, for all waves at once (ROL-22).

They walk through the register: some hundred milliseconds for 300,000 people, seconds for a whole pilot. Pages take
them from `apps.rollout.figures.kept`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from apps.rollout.figures.differences import STATEMENTS, Difference, of_imports, of_waves
from apps.rollout.figures.outcomes import Cell, Outcome, cells

Row = Sequence[Any]

# Final states of ROL-02. An opposition that keeps an older DMP is one (SPA-21), though it waits for its confirmation.
FINAL = ("OPEN", "OPEN_ACTIVE", "OPPOSED", "OPPOSED_DMP_KEPT", "OPEN_FAILED", "NOT_OPENED_DEATH", "NOT_ELIGIBLE")
AGES = (18, 30, 45, 60, 75)  # first age of each class but the first

# The space of people who came of age and whom the machine writes to once more beside it (SPA-48); of nobody else.
_BESIDE = """
    LEFT JOIN spaces_healthspace AS beside
        ON beside.identity_id = e.identity_id AND e.state IN ('NOTICE_QUEUED', 'NOTICE_SENT', 'NOTICE_FAILED')
        AND EXISTS (
            SELECT FROM rollout_persontransition AS t WHERE t.person_id = e.identity_id AND t.rule = 'SPA-48'
        )
"""
_STANDINGS = f"""
    SELECT e.wave_id, e.state,
        CASE WHEN e.hold <> '' THEN e.hold WHEN e.double_of_id IS NOT NULL THEN 'double' ELSE '' END,
        CASE
            WHEN e.state = 'OPEN_FAILED' THEN e.state_reason
            WHEN beside.account_activated_at IS NOT NULL THEN 'activated'
            WHEN beside.id IS NOT NULL THEN 'opened'
            ELSE ''
        END,
        e.channel, e.notice_sent_at IS NOT NULL, count(*)
    FROM rollout_eligibleperson AS e {_BESIDE} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608  constants only
_NOTICES = """
    SELECT wave_id, state, channel, count(*) FROM rollout_notice GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
# Days of Paris. A window ends on its last day, that of a notice which came back on none. An opposition counts on the
# day of its effect, whatever became of it; a space on the day it opened.
_DAYS = """
    SELECT wave_id, day, name, count(*) FROM (
        SELECT wave_id, (sent_at AT TIME ZONE 'Europe/Paris')::date AS day, 'sent-' || channel AS name
        FROM rollout_notice
        WHERE sent_at IS NOT NULL AND kind IN ('first', 'again', 'majority')
        UNION ALL
        SELECT wave_id, (ended_at AT TIME ZONE 'Europe/Paris')::date, 'returned'
        FROM rollout_notice
        WHERE state = 'returned' AND ended_at IS NOT NULL AND kind IN ('first', 'again', 'majority')
        UNION ALL
        SELECT wave_id, (window_ends_at AT TIME ZONE 'Europe/Paris')::date - 1, 'ends'
        FROM rollout_notice
        WHERE state = 'sent' AND window_ends_at IS NOT NULL AND kind IN ('first', 'again', 'majority')
        UNION ALL
        SELECT e.wave_id, (o.received_at AT TIME ZONE 'Europe/Paris')::date, 'opposed-' || o.channel
        FROM rollout_opposition AS o JOIN rollout_eligibleperson AS e ON e.identity_id = o.person_id
        UNION ALL
        SELECT e.wave_id, (o.withdrawn_at AT TIME ZONE 'Europe/Paris')::date, 'withdrawn'
        FROM rollout_opposition AS o JOIN rollout_eligibleperson AS e ON e.identity_id = o.person_id
        WHERE o.withdrawn_at IS NOT NULL
        UNION ALL
        SELECT e.wave_id, (fact.at AT TIME ZONE 'Europe/Paris')::date, fact.name
        FROM spaces_healthspace AS s JOIN rollout_eligibleperson AS e ON e.identity_id = s.identity_id
        CROSS JOIN LATERAL (
            VALUES ('opened', s.opened_at), ('activated', s.account_activated_at), ('closed', s.closed_at)
        ) AS fact (name, at)
        WHERE fact.at IS NOT NULL
    ) AS facts GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
# Texts of a date compare as dates; an unknown day or month (`00`) counts as the earliest.
_GROUPS = """
    SELECT w.stage, e.department,
        CASE {classes} ELSE {oldest} END AS age,
        count(*), count(*) FILTER (WHERE e.state IN ('OPEN', 'OPEN_ACTIVE') OR beside.id IS NOT NULL),
        count(*) FILTER (WHERE e.state = 'OPEN_ACTIVE' OR beside.account_activated_at IS NOT NULL),
        count(*) FILTER (WHERE e.state IN ('OPPOSED', 'OPPOSED_DMP_KEPT'))
    FROM rollout_eligibleperson AS e
    JOIN rollout_wave AS w ON w.id = e.wave_id
    JOIN accounts_insidentity AS i ON i.id = e.identity_id
    {beside}
    WHERE e.notice_sent_at IS NOT NULL AND (e.state = ANY(%(final)s) OR beside.id IS NOT NULL)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_DELAYS = """
    SELECT w.stage, kind.name, count(*),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY kind.days), percentile_cont(0.9) WITHIN GROUP (ORDER BY kind.days)
    FROM spaces_healthspace AS s
    JOIN rollout_eligibleperson AS e ON e.identity_id = s.identity_id
    JOIN rollout_wave AS w ON w.id = e.wave_id
    CROSS JOIN LATERAL (VALUES
        ('opening', extract(epoch FROM s.opened_at - e.notice_sent_at)::float8 / 86400),
        ('activation', extract(epoch FROM s.account_activated_at - s.opened_at)::float8 / 86400)
    ) AS kind (name, days)
    WHERE kind.days >= 0
    GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """People of a wave (None: of none) in one state. `hold`: a reason, or `double`. `noticed`: a notice left.

    `reason`: why the opening failed; of people who came of age beside their space, `opened` or `activated`.
    """

    wave_id: UUID | None
    state: str
    hold: str
    reason: str
    channel: str
    noticed: bool
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Notices of a wave, of every kind, in one state and by one channel (RO-05)."""

    wave_id: UUID | None
    state: str
    channel: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What happens on one day in a wave. `name`: `sent-mail`, `ends`, `returned`, `opposed-phone`, `opened`…"""

    wave_id: UUID | None
    day: date
    name: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People whose notice left and who are done, by stage of the roll-out, department and age class.

    `age`: number of the class, from 0. `people` is the denominator of the rates.
    """

    stage: str
    department: str
    age: int
    people: int
    opened: int
    activated: int
    opposed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Days from the notice to the opening, or from there to the activation: median, and nine tenths are at most."""

    stage: str
    name: str
    people: int
    median: float
    most: float


def standings(rows: Sequence[Row]) -> list[Standing]:
    """People by wave, state and hold."""
    return [
        Standing(
            wave_id=_id(wave),
            state=state,
            hold=hold,
            reason=reason,
            channel=channel,
            noticed=noticed,
            people=people,
        )
        for wave, state, hold, reason, channel, noticed, people in rows
    ]


def notices(rows: Sequence[Row]) -> list[Sending]:
    """Notices by wave, state and channel."""
    return [
        Sending(wave_id=_id(wave), state=state, channel=channel, number=number) for wave, state, channel, number in rows
    ]


def days(rows: Sequence[Row]) -> list[Day]:
    """Facts by wave and day."""
    return [
        Day(wave_id=_id(wave), day=date.fromisoformat(str(day)), name=name, number=number)
        for wave, day, name, number in rows
    ]


def groups(rows: Sequence[Row]) -> list[Group]:
    """People who are done, by stage, department and age class."""
    names = ("stage", "department", "age", "people", "opened", "activated", "opposed")
    return [Group(**dict(zip(names, row, strict=True))) for row in rows]


def delays(rows: Sequence[Row]) -> list[Delay]:
    """Waiting by stage."""
    names = ("stage", "name", "people", "median", "most")
    return [Delay(**dict(zip(names, row, strict=True))) for row in rows]


def outcomes(rows: Sequence[Row]) -> list[Cell]:
    """Cells of the reconciliation."""
    return [
        Cell(
            wave_id=_id(wave),
            by_state=Outcome(state),
            detail=detail,
            by_fact=Outcome(fact),
            people=people,
            example=UUID(str(example)),
        )
        for wave, state, detail, fact, people, example in rows
    ]


def differences(rows: Sequence[Row]) -> list[tuple[UUID | None, Difference]]:
    """What does not agree, with its wave."""
    return [
        (_id(wave), Difference(code=code, count=number, example=_id(example))) for wave, code, number, example in rows
    ]


def count(kind: str, on: date) -> list[Row]:
    """Rows of one kind of `KeptFigures`; ages are those of the day `on`."""
    if kind == "outcomes":
        return [(c.wave_id, c.by_state.value, c.detail, c.by_fact.value, c.people, c.example) for c in cells()]
    if kind == "differences":
        found: list[Row] = [
            (wave, code, people, example) for code in STATEMENTS for wave, people, example in of_waves(code)
        ]
        imports = of_imports()
        return [*found, (None, imports.code, imports.count, imports.example)] if imports.count else found
    if kind == "groups":
        ends = [f"WHEN i.birth_date > '{_years_before(on, age)}' THEN {place}" for place, age in enumerate(AGES)]
        return _rows(_GROUPS.format(classes=" ".join(ends), oldest=len(AGES), beside=_BESIDE), {"final": list(FINAL)})
    return _rows({"standings": _STANDINGS, "notices": _NOTICES, "days": _DAYS, "delays": _DELAYS}[kind])


def _rows(query: str, values: dict[str, list[str]] | None = None) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [tuple(row) for row in cursor.fetchall()]


def _id(value: UUID | str | None) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else UUID(value)


def _years_before(on: date, years: int) -> str:
    """Born after this day, one is younger than `years` on the day `on`; written like a birth date."""
    return f"{on.year - years:04d}-{on.month:02d}-{on.day:02d}"
