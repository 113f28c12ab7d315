"""Legal representatives of people whose space opens, found by the numbers of the file (SPA-41, SPA-48, SPA-50)."""

from __future__ import annotations

from django.db import connection

from apps.rollout.reading import NAMED

# The instant is that of apps.spaces.majority: midnight in Paris of the 18th birthday, unknown parts read as the
# earliest, 29 February as 1 March. About `accounts_insidentity AS i`.
MAJORITY = """
    (make_date(left(i.birth_date, 4)::int + 18, greatest(substr(i.birth_date, 6, 2)::int, 1), 1)
    + greatest(right(i.birth_date, 2)::int, 1) - 1)::timestamp AT TIME ZONE 'Europe/Paris'
"""
# Minors by the file's word, adults under a measure that represents the person (SPA-50); assistance gives nothing
# (SPA-51). A number that means nobody, two people or somebody dead gives no right.
_REPRESENTATIVES = f"""
    INSERT INTO space_opening_representative (identity_id, person_id, capacity, ends_at, measure)
    SELECT DISTINCT ON (e.identity_id, p.id) e.identity_id, p.id, r.capacity,
        CASE e.situation WHEN 'MINEUR' THEN ({MAJORITY}) END,
        CASE e.situation WHEN 'MINEUR' THEN '' ELSE e.measure END
    FROM space_opening AS o
    JOIN rollout_eligibleperson AS e ON e.identity_id = o.identity_id
    JOIN accounts_insidentity AS i ON i.id = e.identity_id
    CROSS JOIN LATERAL (
        VALUES (1, e.rl1_number, e.rl1_capacity), (2, e.rl2_number, e.rl2_capacity)
    ) AS r (place, number, capacity)
    {NAMED}
    WHERE (e.situation = 'MINEUR' OR e.measure IN ('TUTELLE', 'HABILITATION_FAMILIALE'))
        AND r.number <> '' AND r.capacity <> '' AND p.died_on IS NULL AND p.id <> e.identity_id
    ORDER BY e.identity_id, p.id, r.place
"""  # noqa: S608  constants only


def name_representatives() -> None:
    """Fill `space_opening_representative` for the people of `space_opening`."""
    with connection.cursor() as cursor:
        cursor.execute(_REPRESENTATIVES)
