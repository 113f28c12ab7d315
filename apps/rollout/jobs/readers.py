"""Readers of the notices of a slice of people (SPA-02, SPA-40, SPA-50, SPA-51)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.common.dates import PARIS
from apps.rollout.reading import HAS_STREET, MAIL, READERS, of_age_on

_READERS = f"""
    SELECT e.identity_id, t.reader_id, {MAIL}, {HAS_STREET},
        EXISTS (SELECT FROM rollout_notice AS n WHERE n.person_id = e.identity_id)
    {READERS}
    WHERE e.identity_id = ANY(%s)
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
        cursor.execute(_READERS, [of_age_on(at.astimezone(PARIS).date()), people])
        return [
            Reader(person_id=row[0], reader_id=row[1], mail=row[2], has_street=row[3], had_notice=row[4])
            for row in cursor.fetchall()
        ]
