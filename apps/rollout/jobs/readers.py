"""Who reads the notice of a person, and by which way, set-wise (SPA-02, SPA-40, SPA-50, SPA-51)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.common.dates import PARIS
from apps.rollout.jobs.representatives import NAMED
from apps.spaces.majority import MAJORITY_AGE

# An adult reads for themselves; a minor's notice goes to the first representative of the file whose number means one
# living person; a protected adult reads beside the person in charge when the measure represents the person. Assistance
# gives nothing. The way is that of the reader's own line: without one, that of the person's household.
_READERS = f"""
    SELECT e.identity_id, t.reader_id,
        CASE WHEN c.channel = 'courriel' AND c.mail <> '' THEN c.mail ELSE '' END,
        c.street <> '' AND c.post_code <> '' AND c.city <> '',
        EXISTS (SELECT FROM rollout_notice AS n WHERE n.person_id = e.identity_id)
    FROM rollout_eligibleperson AS e
    JOIN accounts_insidentity AS i ON i.id = e.identity_id
    CROSS JOIN LATERAL (
        SELECT e.situation = 'MINEUR' AND i.birth_date > %(of_age)s AS minor,
            e.situation = 'MAJEUR_PROTEGE' AND e.measure IN ('TUTELLE', 'HABILITATION_FAMILIALE') AS represented
    ) AS f
    LEFT JOIN LATERAL (
        SELECT named.id FROM (
            VALUES (1, e.rl1_number, e.rl1_capacity), (2, e.rl2_number, e.rl2_capacity)
        ) AS r (place, number, capacity)
        {NAMED}
        WHERE (f.minor OR f.represented) AND r.number <> '' AND r.capacity <> ''
            AND p.died_on IS NULL AND p.id <> e.identity_id
        ORDER BY r.place LIMIT 1
    ) AS charge ON true
    JOIN LATERAL (
        SELECT NULL::uuid AS reader_id WHERE NOT f.minor
        UNION ALL SELECT charge.id WHERE charge.id IS NOT NULL
    ) AS t ON true
    LEFT JOIN rollout_eligibleperson AS own ON own.identity_id = t.reader_id
    CROSS JOIN LATERAL (
        SELECT q.channel, q.mail, q.street, q.post_code, q.city
        FROM rollout_eligibleperson AS q WHERE q.identity_id = coalesce(own.identity_id, e.identity_id)
    ) AS c
    WHERE e.identity_id = ANY(%(people)s)
    ORDER BY e.identity_id, t.reader_id NULLS FIRST
"""  # noqa: S608  constants only


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reader of one person's notice. `reader_id`: None for the person. `mail`: empty when it goes by post.

    `has_street`: whether a letter can be addressed. `had_notice`: whether the person was written to before.
    """

    person_id: UUID
    reader_id: UUID | None
    mail: str
    has_street: bool
    had_notice: bool


def readers_of(people: list[UUID], *, at: datetime) -> list[Reader]:
    """All readers of these people, those of one person together; nobody for a minor without known representative."""
    with connection.cursor() as cursor:
        cursor.execute(_READERS, {"people": people, "of_age": _of_age(at)})
        return [
            Reader(person_id=row[0], reader_id=row[1], mail=row[2], has_street=row[3], had_notice=row[4])
            for row in cursor.fetchall()
        ]


def _of_age(at: datetime) -> str:
    """Last birth date of those who are of age, as the register writes it: unknown parts (00) sort as the earliest, and
    somebody born on 29 February comes of age on 1 March (apps.spaces.majority).
    """
    today = at.astimezone(PARIS).date()
    return f"{today.year - MAJORITY_AGE:04d}-{today:%m-%d}"
