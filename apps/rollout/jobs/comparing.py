"""Compares staged lines with each other and with the register before anything is written (S24, decisions.md 31)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from apps.accounts.ins import Authority

_ADDRESS = "adresse_voie, adresse_complement, code_postal, commune, code_commune, departement"
_TRAITS = "nom_naissance, prenoms_naissance, premier_prenom, sexe, date_naissance, lieu_naissance"


def _row(alias: str, columns: str) -> str:
    return "(" + ", ".join(f"{alias}.{column}" for column in columns.split(", ")) + ")"


# The first line of a number stands; later ones leave the stage and are reported.
_REPEATED = f"""
    CREATE TEMPORARY TABLE rollout_repeated AS
    SELECT later.line, first.line AS other_line,
        CASE WHEN later.fingerprint = first.fingerprint THEN 'DOUBLON_EXACT'
             WHEN {_row("later", _TRAITS)} <> {_row("first", _TRAITS)} THEN 'DOUBLON_TRAITS'
             WHEN {_row("later", _ADDRESS)} <> {_row("first", _ADDRESS)} THEN 'DOUBLON_ADRESSE'
             ELSE 'DOUBLON_DONNEES' END AS code
    FROM (
        SELECT matricule, oid, min(line) AS line FROM rollout_stage GROUP BY matricule, oid HAVING count(*) > 1
    ) AS kept
    JOIN rollout_stage AS first ON first.line = kept.line
    JOIN rollout_stage AS later
        ON later.matricule = kept.matricule AND later.oid = kept.oid AND later.line <> kept.line
"""  # noqa: S608  constants only
_REPORT_REPEATED = """
    INSERT INTO rollout_finding (line, field, code, severity, other_line)
    SELECT line, 'matricule', code, CASE code WHEN 'DOUBLON_TRAITS' THEN 'refused' ELSE 'warned' END, other_line
    FROM rollout_repeated
"""
_COUNT_REPEATED = """
    SELECT count(*) FILTER (WHERE code = 'DOUBLON_EXACT'), count(*) FILTER (WHERE code = 'DOUBLON_TRAITS'), count(*)
    FROM rollout_repeated
"""
_DROP_REPEATED = "DELETE FROM rollout_stage AS s USING rollout_repeated AS r WHERE s.line = r.line"

_FORMER = """
    WITH gone AS (
        DELETE FROM rollout_stage AS s USING accounts_formerinsnumber AS f
        WHERE f.ins_number = s.matricule AND f.authority = s.oid RETURNING s.line
    )
    INSERT INTO rollout_finding (line, field, code, severity)
    SELECT line, 'matricule', 'ANCIEN_MATRICULE', 'warned' FROM gone
"""

# Same five traits under a temporary and a definitive number: in the file, or one of them in the register already.
_SAME_TRAITS = """
    o.folded_family = s.folded_family AND o.folded_first_given = s.folded_first_given
    AND o.sex = s.sexe AND o.birth_date = s.date_naissance AND o.birth_place = s.lieu_naissance
"""
_DOUBLES = f"""
    INSERT INTO rollout_double (line, number, authority, other_line, matricule, oid)
    WITH pairs AS (
        SELECT s.line, o.matricule AS number, o.oid AS authority, o.line AS other_line
        FROM rollout_stage AS s JOIN (
            SELECT folded_family, folded_first_given, sexe AS sex, date_naissance AS birth_date,
                lieu_naissance AS birth_place, matricule, oid, line FROM rollout_stage
        ) AS o ON o.oid <> %(nia)s AND {_SAME_TRAITS}
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
    ORDER BY p.line, p.other_line NULLS LAST, p.number
"""  # noqa: S608  constants only
_REPORT_DOUBLES = """
    INSERT INTO rollout_finding (line, field, code, severity, other_line)
    SELECT line, 'matricule', 'DOUBLON_NIA', 'warned', other_line FROM rollout_double
"""

_KNOWN_NUMBERS = (
    ("rollout_stage", "matricule"), ("accounts_insidentity", "ins_number"), ("accounts_formerinsnumber", "ins_number")
)  # fmt: skip
_NO_REPRESENTATIVE = """
    INSERT INTO rollout_finding (line, field, code, severity)
    SELECT line, 'rl1_matricule', 'SANS_REPRESENTANT', 'warned' FROM rollout_stage AS s WHERE s.situation = 'MINEUR'
""" + "".join(  # noqa: S608  constants only
    f" AND NOT EXISTS (SELECT FROM {table} AS k WHERE k.{column} = s.{number})"
    for table, column in _KNOWN_NUMBERS
    for number in ("rl1_matricule", "rl2_matricule")
)

# What this very run wrote before the server crashed is no line that was there before.
_DROP_UNCHANGED = """
    WITH gone AS (
        DELETE FROM rollout_stage AS s USING accounts_insidentity AS i, rollout_eligibleperson AS e
        WHERE i.ins_number = s.matricule AND i.authority = s.oid AND e.identity_id = i.id
            AND e.fingerprint = s.fingerprint
        RETURNING e.changed_run_id
    )
    SELECT count(*), count(*) FILTER (WHERE changed_run_id = %(run)s) FROM gone
"""
_RECOGNISE = """
    UPDATE rollout_stage AS s SET identity_id = i.id, is_known = true FROM accounts_insidentity AS i
    WHERE i.ins_number = s.matricule AND i.authority = s.oid
"""
_REPORT_TRAITS = """
    INSERT INTO rollout_finding (line, field, code, severity)
    SELECT s.line, 'nom_naissance', 'TRAITS', 'warned'
    FROM rollout_stage AS s JOIN accounts_insidentity AS i ON i.id = s.identity_id
    WHERE s.is_known
        AND (s.nom_naissance, s.prenoms_naissance, s.premier_prenom, s.sexe, s.date_naissance, s.lieu_naissance)
        <> (i.birth_family_name, i.birth_given_names, i.first_given_name, i.sex, i.birth_date, i.birth_place)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Lines taken off the stage: `unchanged`, `refused`, `ignored`; what stays (`staged`) is new or different.

    `accepted` counts with them what the same run had written before a crash.
    """

    staged: int
    accepted: int
    unchanged: int
    refused: int
    ignored: int


def compare(run_id: UUID | None) -> Compared:
    """Sort the staged lines out and report what is double, former, without representative or changed.

    Afterwards `rollout_stage` holds exactly the lines to apply, with the identity each belongs to, and `rollout_double`
    the lines of people who seem to be known under another number. `run_id`: the run at work, None for a trial.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED)
        cursor.execute(_COUNT_REPEATED)
        same, contradictory, repeated = cursor.fetchone()
        if repeated:
            cursor.execute(_REPORT_REPEATED)
            cursor.execute(_DROP_REPEATED)
        cursor.execute(_FORMER)
        former = cursor.rowcount
        cursor.execute(_DOUBLES, {"nia": Authority.NIA.value})
        cursor.execute(_REPORT_DOUBLES)
        cursor.execute(_NO_REPRESENTATIVE)
        cursor.execute(_DROP_UNCHANGED, {"run": run_id})
        known, own = cursor.fetchone()
        cursor.execute(_RECOGNISE)
        if cursor.rowcount:
            cursor.execute(_REPORT_TRAITS)
        cursor.execute("SELECT count(*) FROM rollout_stage")
        (staged,) = cursor.fetchone()
        cursor.execute("DROP TABLE rollout_repeated")
    return Compared(
        staged=staged,
        accepted=staged + own,
        unchanged=same + known - own,
        refused=contradictory,
        ignored=repeated - same - contradictory + former,
    )
