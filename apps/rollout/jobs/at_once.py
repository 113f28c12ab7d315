"""Opens one space while its person waits, by the functions that open millions (SPA-08, ROL-21)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.rollout.jobs.representatives import name_representatives
from apps.spaces.jobs import open_prepared, prepare_openings
from apps.spaces.models.space import FIRST_SERVICES

RULE = "SPA-08"
ACTOR = "rollout.activate"
_ONE = """
    INSERT INTO space_opening (identity_id, services)
    SELECT e.identity_id, COALESCE(w.services, %(first)s::text[])
    FROM rollout_eligibleperson AS e LEFT JOIN rollout_wave AS w ON w.id = e.wave_id
    WHERE e.identity_id = %(person)s
"""


def open_one(*, person_id: UUID, at: datetime) -> bool:
    """The space of one person, with the perimeter of their wave and their representatives; False when there is one.

    The caller holds the transaction and the lock of the person's row, and has read deaths, oppositions and stops.
    """
    prepare_openings()
    with connection.cursor() as cursor:
        cursor.execute(_ONE, {"person": person_id, "first": FIRST_SERVICES})
    name_representatives()
    return open_prepared(rule=RULE, actor_id=ACTOR, at=at) == 1
