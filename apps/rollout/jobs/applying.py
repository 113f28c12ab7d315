"""Writes the lines that are new or different into identities and register: few statements for any number of lines."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from apps.accounts.ins import Authority
from apps.common.failpoints import reach
from apps.rollout.jobs import joining
from apps.rollout.models import EligiblePerson, ImportRun
from apps.rollout.transitions import Step, move_many

State = EligiblePerson.State
ACTOR = "rollout.import"

SLICE = 50_000  # lines a transaction

# The insurer certified the identities of its file (IDN-15): retrieved and proved, so qualified (IDN-06). A temporary
# number (NIA) is retrieved only: civil status has not confirmed its traits yet.
_NEW_IDENTITIES = """
    INSERT INTO accounts_insidentity (
        id, ins_number, ins_key, authority, birth_family_name, birth_given_names, first_given_name, family_name_in_use,
        given_name_in_use, sex, birth_date, birth_place, folded_family, folded_first_given, insi_retrieved,
        evidence_checked, died_on)
    SELECT identity_id, matricule, cle, oid, nom_naissance, prenoms_naissance, premier_prenom, nom_utilise,
        prenom_utilise, sexe, date_naissance, lieu_naissance, folded_family, folded_first_given, true,
        oid <> %(nia)s, NULLIF(date_deces, '')::date
    FROM rollout_stage WHERE NOT is_known AND line >= %(first)s AND line < %(behind)s ORDER BY line
    ON CONFLICT DO NOTHING
"""
_CHANGED_IDENTITIES = """
    UPDATE accounts_insidentity AS i SET
        ins_number = s.matricule, ins_key = s.cle, authority = s.oid,
        birth_family_name = s.nom_naissance, birth_given_names = s.prenoms_naissance,
        first_given_name = s.premier_prenom,
        family_name_in_use = s.nom_utilise, given_name_in_use = s.prenom_utilise, sex = s.sexe,
        birth_date = s.date_naissance, birth_place = s.lieu_naissance, folded_family = s.folded_family,
        folded_first_given = s.folded_first_given, insi_retrieved = true,
        evidence_checked = i.evidence_checked OR s.oid <> %(nia)s, died_on = NULLIF(s.date_deces, '')::date
    FROM rollout_stage AS s
    WHERE s.is_known AND s.line >= %(first)s AND s.line < %(behind)s AND i.id = s.identity_id
"""
_REGISTER = """
    INSERT INTO rollout_eligibleperson AS e (
        identity_id, scheme, fund, household, situation, measure, twin_rank, mail, mobile, channel, street, street_more,
        post_code, city, commune, department, rl1_number, rl1_capacity, rl2_number, rl2_capacity, had_dmp, fingerprint,
        state, state_reason, state_at, first_run_id, changed_run_id)
    SELECT identity_id, regime, caisse, foyer, situation, mesure_protection, NULLIF(rang_gemellaire, '')::smallint,
        courriel, mobile, canal, adresse_voie, adresse_complement, code_postal, commune, code_commune, departement,
        rl1_matricule, rl1_qualite, rl2_matricule, rl2_qualite, had_dmp = '1', fingerprint,
        'ELIGIBLE', '', %(at)s, %(run)s, %(run)s
    FROM rollout_stage WHERE line >= %(first)s AND line < %(behind)s ORDER BY line
    ON CONFLICT (identity_id) DO UPDATE SET
        scheme = EXCLUDED.scheme, fund = EXCLUDED.fund, household = EXCLUDED.household, situation = EXCLUDED.situation,
        measure = EXCLUDED.measure, twin_rank = EXCLUDED.twin_rank, mail = EXCLUDED.mail, mobile = EXCLUDED.mobile,
        channel = EXCLUDED.channel, street = EXCLUDED.street, street_more = EXCLUDED.street_more,
        post_code = EXCLUDED.post_code, city = EXCLUDED.city, commune = EXCLUDED.commune,
        department = EXCLUDED.department, rl1_number = EXCLUDED.rl1_number, rl1_capacity = EXCLUDED.rl1_capacity,
        rl2_number = EXCLUDED.rl2_number, rl2_capacity = EXCLUDED.rl2_capacity, had_dmp = EXCLUDED.had_dmp,
        fingerprint = EXCLUDED.fingerprint, changed_run_id = EXCLUDED.changed_run_id
"""
_OF_SLICE = "s.is_known AND s.line >= %(first)s AND s.line < %(behind)s"
# Before the change: a number that is replaced (decisions.md 31), and which fields change, never what stood there.
_FORMER_NUMBERS = f"""
    INSERT INTO accounts_formerinsnumber (id, identity_id, ins_number, authority, ended_at)
    SELECT uuidv7(), i.id, i.ins_number, i.authority, %(at)s
    FROM rollout_stage AS s JOIN accounts_insidentity AS i ON i.id = s.identity_id
    WHERE {_OF_SLICE} AND (i.ins_number, i.authority) <> (s.matricule, s.oid)
    ON CONFLICT DO NOTHING
"""  # noqa: S608  constants only
_FIELDS = {
    "number": "(i.ins_number, i.authority) <> (s.matricule, s.oid)",
    "name": """(i.birth_family_name, i.birth_given_names, i.first_given_name, i.family_name_in_use, i.given_name_in_use)
        <> (s.nom_naissance, s.prenoms_naissance, s.premier_prenom, s.nom_utilise, s.prenom_utilise)""",
    "birth": "(i.sex, i.birth_date, i.birth_place) <> (s.sexe, s.date_naissance, s.lieu_naissance)",
    "address": """(e.street, e.street_more, e.post_code, e.city, e.commune, e.department)
        <> (s.adresse_voie, s.adresse_complement, s.code_postal, s.commune, s.code_commune, s.departement)""",
    "mail": "(e.mail, e.channel) <> (s.courriel, s.canal)",
    "mobile": "e.mobile <> s.mobile",
    "death": "i.died_on IS DISTINCT FROM NULLIF(s.date_deces, '')::date",
    "scheme": "(e.scheme, e.fund) <> (s.regime, s.caisse)",
    "household": "e.household <> s.foyer",
    "situation": "(e.situation, e.measure) <> (s.situation, s.mesure_protection)",
    "representatives": """(e.rl1_number, e.rl1_capacity, e.rl2_number, e.rl2_capacity)
        <> (s.rl1_matricule, s.rl1_qualite, s.rl2_matricule, s.rl2_qualite)""",
    "had_dmp": "e.had_dmp <> (s.had_dmp = '1')",
}
_CHANGED = ", ".join(f"CASE WHEN {changes} THEN '{field}' END" for field, changes in _FIELDS.items())
_HISTORY = f"""
    INSERT INTO rollout_personchange (person_id, run_id, at, fields)
    SELECT * FROM (
        SELECT i.id, %(run)s::uuid, %(at)s::timestamptz, array_remove(ARRAY[{_CHANGED}]::varchar[], NULL) AS fields
        FROM rollout_stage AS s JOIN accounts_insidentity AS i ON i.id = s.identity_id
        JOIN rollout_eligibleperson AS e ON e.identity_id = i.id
        WHERE {_OF_SLICE} ORDER BY s.line
    ) AS changed WHERE cardinality(fields) > 0
"""  # noqa: S608  constants only
# A first notice that could not leave is prepared again once there is another address, or another representative; one
# that came back waits for an operator, who sees the change (SPA-04, S25).
_READDRESSED = f"""
    UPDATE rollout_eligibleperson AS e SET hold = '' FROM rollout_stage AS s
    WHERE {_OF_SLICE} AND e.identity_id = s.identity_id AND e.state = 'ELIGIBLE'
        AND (e.hold = 'returned' AND ({_FIELDS["address"]} OR e.mail <> s.courriel)
            OR e.hold = 'no-representative' AND {_FIELDS["representatives"]})
"""  # noqa: S608  constants only
_SOME_KNOWN = f"SELECT EXISTS (SELECT FROM rollout_stage AS s WHERE {_OF_SLICE})"  # noqa: S608  constants only
# In this order: what changes is written down before it does.
_ABOUT_KNOWN = (_FORMER_NUMBERS, _HISTORY, _READDRESSED, _CHANGED_IDENTITIES)
_DEAD = """
    SELECT s.identity_id FROM rollout_stage AS s
    WHERE s.date_deces <> '' AND s.line >= %(first)s AND s.line < %(behind)s
        AND NOT EXISTS (SELECT FROM spaces_healthspace AS h WHERE h.identity_id = s.identity_id)
"""
# Who stands outside and is in the file, alive. An opposition outlives a death that was none (SPA-10, REL-09).
_BACK = f"""
    SELECT p.identity_id, CASE WHEN o.id IS NULL THEN 'ELIGIBLE'
        WHEN p.had_dmp AND o.confirmed_at IS NULL THEN 'OPPOSED_DMP_KEPT' ELSE 'OPPOSED' END
    FROM rollout_stage AS s JOIN rollout_eligibleperson AS p ON p.identity_id = s.identity_id
    LEFT JOIN rollout_opposition AS o ON o.person_id = p.identity_id AND o.withdrawn_at IS NULL
    WHERE {_OF_SLICE} AND s.date_deces = '' AND p.state IN ('NOT_OPENED_DEATH', 'NOT_ELIGIBLE')
"""  # noqa: S608  constants only
_THESE = sql.SQL("(SELECT unnest(%(people)s::uuid[]) AS identity_id)")
_RELEASE_DOUBLES = """
    UPDATE rollout_eligibleperson AS e SET double_of_id = NULL
    FROM rollout_stage AS s, accounts_insidentity AS o
    WHERE e.double_of_id IS NOT NULL AND e.identity_id = s.identity_id AND o.id = e.double_of_id
        AND (o.folded_family, o.folded_first_given, o.sex, o.birth_date, o.birth_place)
            <> (s.folded_family, s.folded_first_given, s.sexe, s.date_naissance, s.lieu_naissance)
"""
# One of the two is held, never both: the other one opens.
_HOLD_DOUBLES = """
    UPDATE rollout_eligibleperson AS e SET double_of_id = other.id
    FROM rollout_double AS d
    JOIN accounts_insidentity AS own ON own.ins_number = d.matricule AND own.authority = d.oid
    JOIN accounts_insidentity AS other ON other.ins_number = d.number AND other.authority = d.authority
    WHERE d.way IN ('hold', 'merge') AND e.identity_id = own.id AND e.state = 'ELIGIBLE' AND e.double_of_id IS NULL
        AND NOT EXISTS (
            SELECT FROM rollout_eligibleperson AS held
            WHERE held.identity_id = other.id AND held.double_of_id IS NOT NULL
        )
"""
# Statistics of tables that were empty a moment ago say « one row »: plans made from them compare each with each.
_LOOK = "ANALYZE accounts_insidentity, rollout_eligibleperson, rollout_double"
_TAKE_SLICE = """
    INSERT INTO rollout_importslice (run_id, first_line) VALUES (%(run)s, %(first)s) ON CONFLICT DO NOTHING
"""
_KEEP_FINDINGS = """
    INSERT INTO rollout_importissue (run_id, line, field, code, severity, other_line, masked)
    SELECT %(run)s, line, field, code, severity, other_line, masked FROM rollout_finding ORDER BY line, id
"""


# The transaction of a killed run may live on for a moment: wait for it rather than fail.
_WAIT = "SET LOCAL lock_timeout = '60s'"


def slices_to_write(*, run: ImportRun) -> list[int]:
    """First lines of the slices that are on the stage and not yet written, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(line), max(line) FROM rollout_stage")
        first, last = cursor.fetchone()
    if first is None:
        return []
    written = set(run.slices.values_list("first_line", flat=True))
    return [start for start in range(first - first % SLICE, last + 1, SLICE) if start not in written]


@transaction.atomic
def write_slice(*, run: ImportRun, first: int) -> None:
    """Write the staged lines `first` to `first + SLICE - 1`, whole or not at all, and only once."""
    values = {**_values(run), "first": first, "behind": first + SLICE}
    with connection.cursor() as cursor:
        cursor.execute(_WAIT)
        # Before the lines: whoever writes the same slice waits here, and finds it written.
        cursor.execute(_TAKE_SLICE, values)
        if not cursor.rowcount:
            return
        cursor.execute(_SOME_KNOWN, values)
        (some_known,) = cursor.fetchone()
        for statement in (*(_ABOUT_KNOWN if some_known else ()), _NEW_IDENTITIES, _REGISTER):
            cursor.execute(statement, values)
    _move_on(run, values, some_known=some_known)
    reach("rollout.import.before_slice_commit")


def _move_on(run: ImportRun, values: dict[str, Any], *, some_known: bool) -> None:
    """Deaths, deaths taken back, people who are in the file again: by the table of steps, never otherwise.

    By ids: a plan for the few of a slice, however large the register is.
    """
    found: dict[State, list[UUID]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_DEAD, values)
        found[State.NOT_OPENED_DEATH] = [identity_id for (identity_id,) in cursor.fetchall()]
        if some_known:
            cursor.execute(_BACK, values)
            for identity_id, state in cursor.fetchall():
                found[State(state)].append(identity_id)
    for to, people in found.items():
        if people:
            move_many(Step(to=to, at=run.started_at, actor=ACTOR), source=_THESE, people=people)


def settle(*, run: ImportRun) -> None:
    """When all slices are written: join, hold and release doubles, keep the findings. The caller holds the transaction.

    People whom a complete file does not name any more are no longer eligible (RO-02).
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
    joining.join_written(at=run.started_at)
    with connection.cursor() as cursor:
        for statement in (_RELEASE_DOUBLES, _HOLD_DOUBLES, _KEEP_FINDINGS):
            cursor.execute(statement, _values(run))
    if run.is_complete:
        step = Step(to=State.NOT_ELIGIBLE, at=run.started_at, actor=ACTOR, reason="absent")
        move_many(step, source=sql.Identifier("rollout_absent"), sets=sql.SQL(", fingerprint = ''"))
    run.slices.all().delete()


def keep_findings(*, run: ImportRun) -> None:
    """Keep what was found with the row of the run."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_FINDINGS, _values(run))


def _values(run: ImportRun) -> dict[str, Any]:
    return {"nia": Authority.NIA.value, "at": run.started_at, "run": run.pk}
