"""Compares staged lines with each other and with the register before anything is written (S24, decisions.md 31)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from apps.accounts.ins import Authority
from apps.rollout.jobs import joining
from apps.rollout.models import EligiblePerson
from apps.rollout.transitions import sources_of

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

# A temporary number that was joined says nothing new; what this very run joined before the server crashed counts as
# it would have without: a run that begins anew knows how much it had staged.
_FORMER = """
    WITH gone AS (
        DELETE FROM rollout_stage AS s USING accounts_formerinsnumber AS f
        WHERE f.ins_number = s.matricule AND f.authority = s.oid
        RETURNING s.line, f.authority = %(nia)s AS joined,
            COALESCE(f.ended_at = (SELECT started_at FROM rollout_importrun WHERE id = %(run)s AND staged > 0), false)
            AS own
    ), told AS (
        INSERT INTO rollout_finding (line, field, code, severity)
        SELECT line, 'matricule', CASE WHEN own THEN 'DOUBLON_NIA' ELSE 'ANCIEN_MATRICULE' END, 'warned' FROM gone
    )
    SELECT count(*) FILTER (WHERE NOT own AND NOT joined), count(*) FILTER (WHERE NOT own AND joined),
        count(*) FILTER (WHERE own) FROM gone
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
# People of the departments of the file whom it does not name any more and whose space is not open (RO-02).
_ABSENT = """
    INSERT INTO rollout_absent (identity_id)
    SELECT e.identity_id FROM rollout_eligibleperson AS e JOIN accounts_insidentity AS i ON i.id = e.identity_id
    WHERE e.department IN (SELECT DISTINCT departement FROM rollout_stage) AND e.state = ANY(%(states)s)
        AND NOT EXISTS (SELECT FROM rollout_stage AS s WHERE s.matricule = i.ins_number AND s.oid = i.authority)
        AND NOT EXISTS (
            SELECT FROM accounts_formerinsnumber AS f JOIN rollout_stage AS s
                ON s.matricule = f.ins_number AND s.oid = f.authority
            WHERE f.identity_id = i.id
        )
        AND NOT EXISTS (SELECT FROM rollout_double AS d WHERE d.number = i.ins_number AND d.authority = i.authority)
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

    `accepted` counts with them what the same run had written before a crash, and lines of temporary numbers that are
    joined to the definitive one. `known`: lines on the stage about somebody of the register; `absent`: people whom the
    file does not name any more, when that was asked for.
    """

    staged: int
    accepted: int
    unchanged: int
    refused: int
    ignored: int
    known: int = 0
    absent: int = 0


def compare(run_id: UUID | None, *, find_absent: bool = False) -> Compared:
    """Sort the staged lines out and report what is double, former, without representative or changed.

    Afterwards `rollout_stage` holds exactly the lines to apply, with the identity each belongs to, `rollout_double` the
    lines of people who are known under another number and `rollout_absent` those whom the file forgot. `run_id`: the
    run at work, None for a trial.
    """
    with connection.cursor() as cursor:
        same, contradictory, repeated = _without_repeated(cursor)
        joining.find_doubles()
        absent = _find_absent(cursor) if find_absent else 0
        cursor.execute(_FORMER, {"run": run_id, "nia": Authority.NIA.value})
        former, joined_before, joined_now = cursor.fetchone()
        cursor.execute(_NO_REPRESENTATIVE)
        joined = joining.join_staged() + joined_now
        cursor.execute(_DROP_UNCHANGED, {"run": run_id})
        known, own = cursor.fetchone()
        cursor.execute(_RECOGNISE)
        cursor.execute(_REPORT_TRAITS)
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE is_known) FROM rollout_stage")
        staged, to_change = cursor.fetchone()
    return Compared(
        staged=staged,
        accepted=staged + own + joined,
        unchanged=same + known - own + joined_before,
        refused=contradictory,
        ignored=repeated - same - contradictory + former,
        known=to_change,
        absent=absent,
    )


def _without_repeated(cursor: CursorWrapper) -> tuple[int, int, int]:
    """Later lines of a number leave the stage; how many said the same, who one is otherwise, and all of them."""
    cursor.execute(_REPEATED)
    cursor.execute(_COUNT_REPEATED)
    same, contradictory, repeated = cursor.fetchone()
    if repeated:
        cursor.execute(_REPORT_REPEATED)
        cursor.execute(_DROP_REPEATED)
    cursor.execute("DROP TABLE rollout_repeated")
    return same, contradictory, repeated


def _find_absent(cursor: CursorWrapper) -> int:
    cursor.execute(_ABSENT, {"states": sources_of(EligiblePerson.State.NOT_ELIGIBLE)})
    absent: int = cursor.rowcount
    return absent
