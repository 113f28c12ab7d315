"""Compares a staged extract with the directory and brings the directory up to it, set-based (DIR-04, DIR-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

# ADELI numbers are read, never created (DIR-01): lines of unknown ones leave the stage.
_DROP_NEW_ADELI = """
    DELETE FROM directory_stage AS s WHERE s.national_id LIKE '0%%'
        AND NOT EXISTS (SELECT FROM directory_professional AS p WHERE p.national_id = s.national_id)
"""
# Somebody listed without any situation has ended their exercise: no care access (S42, DIR-11).
_PEOPLE = """
    CREATE TEMPORARY TABLE directory_person AS
    SELECT f.*, p.id IS NULL OR (f.family_name, f.given_name, f.title, f.profession_code, f.profession_label,
            f.specialty_label, f.is_active)
        <> (p.family_name, p.given_name, p.title, p.profession_code, p.profession_label,
            p.specialty_label, p.is_active) AS is_changed
    FROM (
        SELECT DISTINCT ON (national_id) national_id, family_name, given_name, title, profession_code, profession_label,
            specialty_label, bool_or(technical_id <> '' OR mode_code <> '') OVER (PARTITION BY national_id) AS is_active
        FROM directory_stage ORDER BY national_id, specialty_label = '', line
    ) AS f LEFT JOIN directory_professional AS p USING (national_id)
"""
_PLACES = """
    CREATE TEMPORARY TABLE directory_place AS
    SELECT f.*, o.id IS NULL OR (f.finess, f.siret, f.name, f.sector_code, f.city)
        <> (o.finess, o.siret, o.name, o.sector_code, o.city) AS is_changed
    FROM (
        SELECT DISTINCT ON (technical_id) technical_id, finess, siret, organisation_name AS name, sector_code, city
        FROM directory_stage WHERE technical_id <> '' ORDER BY technical_id, line
    ) AS f LEFT JOIN directory_organisation AS o USING (technical_id)
"""
_SITUATIONS = """
    CREATE TEMPORARY TABLE directory_situation AS
    SELECT f.*, a.id IS NULL AS is_new
    FROM (
        SELECT min(line) AS line, national_id, technical_id, mode_code FROM directory_stage
        WHERE technical_id <> '' OR mode_code <> '' GROUP BY national_id, technical_id, mode_code
    ) AS f LEFT JOIN (
        SELECT a.id, p.national_id, coalesce(o.technical_id, '') AS technical_id, a.mode_code
        FROM directory_activity AS a JOIN directory_professional AS p ON p.id = a.professional_id
        LEFT JOIN directory_organisation AS o ON o.id = a.organisation_id
    ) AS a USING (national_id, technical_id, mode_code)
"""
_ACCEPTED = """
    SELECT count(*) FROM directory_stage AS s JOIN directory_person AS p USING (national_id)
    LEFT JOIN directory_place AS o USING (technical_id) LEFT JOIN directory_situation AS a USING (line)
    WHERE p.is_changed OR o.is_changed OR a.is_new
"""
_LEAVING = """
    SELECT count(*), count(*) FILTER (WHERE f.is_active IS NOT TRUE)
    FROM directory_professional AS p LEFT JOIN directory_person AS f USING (national_id) WHERE p.is_active
"""

_SAVE_PEOPLE = """
    INSERT INTO directory_professional (
        id, national_id, family_name, given_name, title, profession_code, profession_label, specialty_label, is_active,
        seen_on)
    SELECT uuidv7(), national_id, family_name, given_name, title, profession_code, profession_label, specialty_label,
        is_active, %(seen_on)s FROM directory_person WHERE is_changed
    ON CONFLICT (national_id) DO UPDATE SET family_name = EXCLUDED.family_name, given_name = EXCLUDED.given_name,
        title = EXCLUDED.title, profession_code = EXCLUDED.profession_code,
        profession_label = EXCLUDED.profession_label, specialty_label = EXCLUDED.specialty_label,
        is_active = EXCLUDED.is_active, seen_on = EXCLUDED.seen_on
"""
_SAVE_PLACES = """
    INSERT INTO directory_organisation (id, technical_id, finess, siret, name, sector_code, city, seen_on)
    SELECT uuidv7(), technical_id, finess, siret, name, sector_code, city, %(seen_on)s
    FROM directory_place WHERE is_changed
    ON CONFLICT (technical_id) DO UPDATE SET finess = EXCLUDED.finess, siret = EXCLUDED.siret, name = EXCLUDED.name,
        sector_code = EXCLUDED.sector_code, city = EXCLUDED.city, seen_on = EXCLUDED.seen_on
"""
_SAVE_SITUATIONS = """
    INSERT INTO directory_activity (id, professional_id, organisation_id, mode_code)
    SELECT uuidv7(), p.id, o.id, a.mode_code FROM directory_situation AS a
    JOIN directory_professional AS p USING (national_id) LEFT JOIN directory_organisation AS o USING (technical_id)
    WHERE a.is_new
"""
_END_SITUATIONS = """
    DELETE FROM directory_activity AS a USING directory_professional AS p
    WHERE p.id = a.professional_id AND NOT EXISTS (
        SELECT FROM directory_situation AS f LEFT JOIN directory_organisation AS o USING (technical_id)
        WHERE f.national_id = p.national_id AND o.id IS NOT DISTINCT FROM a.organisation_id
            AND f.mode_code = a.mode_code
    )
"""
# The last known label stays: traces and the holder's history name the person (DIR-04).
_END_PEOPLE = """
    UPDATE directory_professional AS p SET is_active = false
    WHERE p.is_active AND NOT EXISTS (SELECT FROM directory_person AS f WHERE f.national_id = p.national_id)
"""
# PostgreSQL 18 prepares the generated columns anew for each row of an update that touches none of their sources: three
# quarters of the time. So one source of each table is written as it is.
_SEEN = (
    """UPDATE directory_professional AS p SET seen_on = %(seen_on)s, given_name = p.given_name
    FROM directory_person AS f WHERE f.national_id = p.national_id AND p.seen_on <> %(seen_on)s""",
    """UPDATE directory_organisation AS o SET seen_on = %(seen_on)s, city = o.city
    FROM directory_place AS f WHERE f.technical_id = o.technical_id AND o.seen_on <> %(seen_on)s""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Lines `accepted` (new or different), `unchanged`, `ignored` (unknown ADELI); of `active` professionals so many
    are `leaving`.
    """

    accepted: int
    unchanged: int
    ignored: int
    active: int
    leaving: int


def compare() -> Comparison:
    """Hold the staged lines against the directory; nothing is written yet."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP_NEW_ADELI, [])
        ignored = int(cursor.rowcount)
        for statement in (_PEOPLE, _PLACES, _SITUATIONS):
            cursor.execute(statement)
        cursor.execute("ANALYZE directory_person, directory_place, directory_situation")
        cursor.execute(_ACCEPTED)
        (accepted,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM directory_stage")
        (staged,) = cursor.fetchone()
        cursor.execute(_LEAVING)
        active, leaving = cursor.fetchone()
    return Comparison(accepted=accepted, unchanged=staged - accepted, ignored=ignored, active=active, leaving=leaving)


def apply_compared(*, seen_on: date) -> None:
    """Write what `compare` found. `seen_on` is the date of the extract (DIR-09). The caller holds the transaction."""
    statements = (_SAVE_PEOPLE, _SAVE_PLACES, _SAVE_SITUATIONS, _END_SITUATIONS, _END_PEOPLE, *_SEEN)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"seen_on": seen_on} if "%(seen_on)s" in statement else None)
