"""One person under two numbers: the temporary one (NIA) is joined to the definitive one (NIR) (decisions.md 31).

The identity keeps its id, so that register row, notices, opposition and space stay what they are; the temporary number
becomes a former one. Whoever cannot be joined with certainty is held: one person must not get two spaces.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from apps.accounts.ins import Authority

# Same five traits under a temporary and a definitive number: in the file, or one of them in the register already.
_SAME_TRAITS = """
    o.folded_family = s.folded_family AND o.folded_first_given = s.folded_first_given
    AND o.sex = s.sexe AND o.birth_date = s.date_naissance AND o.birth_place = s.lieu_naissance
"""
_STAGED = """
    SELECT folded_family, folded_first_given, sexe AS sex, date_naissance AS birth_date,
        lieu_naissance AS birth_place, matricule, oid, line FROM rollout_stage
"""
_DOUBLES = f"""
    INSERT INTO rollout_double (line, number, authority, other_line, matricule, oid)
    WITH pairs AS (
        SELECT s.line, o.matricule AS number, o.oid AS authority, o.line AS other_line
        FROM rollout_stage AS s JOIN ({_STAGED}) AS o ON o.oid <> %(nia)s AND {_SAME_TRAITS}
        WHERE s.oid = %(nia)s
        UNION ALL
        SELECT s.line, o.ins_number, o.authority, NULL
        FROM rollout_stage AS s JOIN accounts_insidentity AS o ON o.authority <> %(nia)s AND {_SAME_TRAITS}
        WHERE s.oid = %(nia)s
        UNION ALL
        SELECT s.line, o.ins_number, o.authority, NULL
        FROM rollout_stage AS s JOIN accounts_insidentity AS o ON o.authority = %(nia)s AND {_SAME_TRAITS}
        WHERE s.oid <> %(nia)s
            AND NOT EXISTS (SELECT FROM rollout_stage AS t WHERE t.matricule = o.ins_number AND t.oid = o.authority)
    )
    SELECT DISTINCT ON (p.line) p.*, s.matricule, s.oid FROM pairs AS p JOIN rollout_stage AS s USING (line)
    WHERE NOT EXISTS (
        SELECT FROM accounts_formerinsnumber AS f WHERE f.ins_number = s.matricule AND f.authority = s.oid
    )
    ORDER BY p.line, p.other_line NULLS LAST, p.number
"""  # noqa: S608  constants only
_REPORT_DOUBLES = """
    INSERT INTO rollout_finding (line, field, code, severity, other_line)
    SELECT line, 'matricule', 'DOUBLON_NIA', 'warned', other_line FROM rollout_double
"""
# Homonyms born at the same place on the same day: two definitive numbers, nobody can say whose the temporary one is.
_AMBIGUOUS = f"""
    WITH meant AS (
        SELECT d.line AS double_line, s.* FROM rollout_double AS d JOIN rollout_stage AS s ON s.line = d.line
    ), nirs AS (
        SELECT s.double_line, o.matricule AS number FROM meant AS s JOIN ({_STAGED}) AS o
            ON o.oid <> %(nia)s AND {_SAME_TRAITS}
        UNION
        SELECT s.double_line, o.ins_number FROM meant AS s JOIN accounts_insidentity AS o
            ON o.authority <> %(nia)s AND {_SAME_TRAITS}
    )
    UPDATE rollout_double AS d SET way = 'hold'
    FROM (SELECT double_line FROM nirs GROUP BY double_line HAVING count(*) > 1) AS several
    WHERE several.double_line = d.line
"""  # noqa: S608  constants only
_IDENTIFY = """
    UPDATE rollout_double AS d SET nia_identity = nia.id, nir_identity = nir.id
    FROM rollout_double AS own
    LEFT JOIN accounts_insidentity AS nia ON nia.authority = %(nia)s
        AND nia.ins_number = CASE WHEN own.oid = %(nia)s THEN own.matricule ELSE own.number END
    LEFT JOIN accounts_insidentity AS nir
        ON nir.ins_number = CASE WHEN own.oid = %(nia)s THEN own.number ELSE own.matricule END
        AND nir.authority = CASE WHEN own.oid = %(nia)s THEN own.authority ELSE own.oid END
    WHERE own.line = d.line
"""
# A definitive number takes over one temporary identity; a second one is held.
_DECIDE = """
    WITH ranked AS (
        SELECT line, row_number() OVER (
            PARTITION BY CASE WHEN oid = %(nia)s THEN number ELSE matricule END ORDER BY nia_identity, line
        ) AS place FROM rollout_double WHERE way = '' AND nia_identity IS NOT NULL AND nir_identity IS NULL
    )
    UPDATE rollout_double AS d SET way = CASE
        WHEN d.nia_identity IS NULL THEN 'former'
        WHEN d.nir_identity IS NOT NULL THEN 'merge'
        WHEN EXISTS (SELECT FROM ranked WHERE ranked.line = d.line AND ranked.place = 1) THEN 'renumber'
        ELSE 'hold' END
    WHERE d.way = ''
"""
_RENUMBER = """
    UPDATE rollout_stage AS s SET identity_id = d.nia_identity, is_known = true FROM rollout_double AS d
    WHERE d.way = 'renumber'
        AND s.matricule = CASE WHEN d.oid = %(nia)s THEN d.number ELSE d.matricule END
        AND s.oid = CASE WHEN d.oid = %(nia)s THEN d.authority ELSE d.oid END
"""
_DROP_TEMPORARY = """
    DELETE FROM rollout_stage AS s USING rollout_double AS d
    WHERE d.way IN ('former', 'renumber') AND s.line = d.line AND s.oid = %(nia)s
"""
_KEEP_FORMER = """
    INSERT INTO accounts_formerinsnumber (id, identity_id, ins_number, authority, ended_at)
    SELECT uuidv7(), nir.id, d.matricule, d.oid, %(at)s
    FROM rollout_double AS d
    JOIN accounts_insidentity AS nir ON nir.ins_number = d.number AND nir.authority = d.authority
    WHERE d.way = 'former'
    ON CONFLICT DO NOTHING
"""
_TO_MERGE = """
    SELECT d.nia_identity, d.nir_identity FROM rollout_double AS d WHERE d.way = 'merge'
    ORDER BY d.line
"""


def find_doubles() -> None:
    """Fill `rollout_double` from the stage, report it and decide on the way of each: join or hold.

    `former`: the temporary number was never in the register; `renumber`: the definitive one was not; `merge`: both
    were.
    """
    nia = {"nia": Authority.NIA.value}
    with connection.cursor() as cursor:
        cursor.execute(_DOUBLES, nia)
        if not cursor.rowcount:
            return
        for statement in (_REPORT_DOUBLES, _AMBIGUOUS, _IDENTIFY, _DECIDE):
            cursor.execute(statement, nia)


def join_staged() -> int:
    """Give lines of definitive numbers the identity that is there; lines of the temporary ones leave the stage.

    Returns how many left.
    """
    nia = {"nia": Authority.NIA.value}
    with connection.cursor() as cursor:
        cursor.execute(_RENUMBER, nia)
        cursor.execute(_DROP_TEMPORARY, nia)
        return int(cursor.rowcount)


def join_written(*, at: datetime) -> None:
    """When all lines are written: temporary numbers become former ones, two rows of one person become one."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_FORMER, {"at": at})
        cursor.execute(_TO_MERGE)
        pairs = cursor.fetchall()
    for nia, nir in pairs:
        _merge(nia, nir, at)


# The row that goes was never more than a line of a file: nobody was written to, nobody signed in with it.
_UNTOUCHED = """
    SELECT FROM rollout_eligibleperson AS e
    WHERE e.identity_id = %(gone)s AND e.wave_id IS NULL AND e.notice_sent_at IS NULL
        AND e.state IN ('ELIGIBLE', 'NOT_OPENED_DEATH', 'NOT_ELIGIBLE')
        AND NOT EXISTS (SELECT FROM rollout_notice AS n WHERE e.identity_id IN (n.person_id, n.reader_id))
        AND NOT EXISTS (SELECT FROM rollout_noticecode AS c WHERE c.person_id = e.identity_id)
"""
_MERGE = (
    "SET CONSTRAINTS ALL IMMEDIATE",
    "UPDATE rollout_eligibleperson SET double_of_id = NULL WHERE double_of_id IN (%(gone)s, %(stays)s)",
    "UPDATE accounts_formerinsnumber SET identity_id = %(stays)s WHERE identity_id = %(gone)s",
    "DELETE FROM rollout_eligibleperson WHERE identity_id = %(gone)s",
    "DELETE FROM accounts_insidentity WHERE id = %(gone)s",
    """
    INSERT INTO accounts_formerinsnumber (id, identity_id, ins_number, authority, ended_at)
    VALUES (uuidv7(), %(stays)s, %(nia_number)s, %(nia)s, %(at)s) ON CONFLICT DO NOTHING
    """,
    """
    UPDATE accounts_insidentity SET ins_number = %(number)s, ins_key = %(key)s, authority = %(authority)s,
        evidence_checked = true
    WHERE id = %(stays)s
    """,
    # The next line of the definitive number is a change, whatever it says.
    """
    UPDATE rollout_eligibleperson SET double_of_id = NULL,
        fingerprint = CASE WHEN %(is_nia)s THEN '' ELSE fingerprint END
    WHERE identity_id = %(stays)s
    """,
    "SET CONSTRAINTS ALL DEFERRED",
)


def _merge(nia: UUID, nir: UUID, at: datetime) -> bool:
    """Two rows of the register become one, when one of them was never used; else both stay and one is held."""
    with connection.cursor() as cursor:
        for gone, stays in ((nia, nir), (nir, nia)):
            cursor.execute(_UNTOUCHED, {"gone": gone})
            if cursor.fetchone() is not None and _try_merge(gone, stays, nia, nir, at):
                return True
    return False


def _try_merge(gone: UUID, stays: UUID, nia: UUID, nir: UUID, at: datetime) -> bool:
    """False when another row of the portal names the one that would go."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT ins_number, ins_key, authority FROM accounts_insidentity WHERE id = %s", [nir])
            number, key, authority = cursor.fetchone()
            cursor.execute("SELECT ins_number FROM accounts_insidentity WHERE id = %s", [nia])
            (nia_number,) = cursor.fetchone()
            values = {
                "gone": gone, "stays": stays, "number": number, "key": key, "authority": authority, "at": at,
                "nia_number": nia_number, "nia": Authority.NIA.value, "is_nia": stays == nia,
            }  # fmt: skip
            for statement in _MERGE:
                cursor.execute(statement, values)
    except IntegrityError:
        return False
    return True
