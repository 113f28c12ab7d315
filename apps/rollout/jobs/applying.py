"""Writes the lines that are new or different into identities and register: few statements for any number of lines."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from apps.accounts.ins import Authority
from apps.common.failpoints import reach
from apps.rollout.models import ImportRun, ImportSlice

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
        birth_family_name = s.nom_naissance, birth_given_names = s.prenoms_naissance,
        first_given_name = s.premier_prenom,
        family_name_in_use = s.nom_utilise, given_name_in_use = s.prenom_utilise, sex = s.sexe,
        birth_date = s.date_naissance, birth_place = s.lieu_naissance, folded_family = s.folded_family,
        folded_first_given = s.folded_first_given, insi_retrieved = true,
        evidence_checked = i.evidence_checked OR s.oid <> %(nia)s, died_on = NULLIF(s.date_deces, '')::date
    FROM rollout_stage AS s
    WHERE s.is_known AND s.line >= %(first)s AND s.line < %(behind)s AND i.id = s.identity_id
"""
# A death that the insurer takes back makes the person eligible again.
_REGISTER = """
    INSERT INTO rollout_eligibleperson AS e (
        identity_id, scheme, fund, household, situation, measure, twin_rank, mail, mobile, channel, street, street_more,
        post_code, city, commune, department, rl1_number, rl1_capacity, rl2_number, rl2_capacity, fingerprint, state,
        state_reason, state_at, first_run_id, changed_run_id)
    SELECT identity_id, regime, caisse, foyer, situation, mesure_protection, NULLIF(rang_gemellaire, '')::smallint,
        courriel, mobile, canal, adresse_voie, adresse_complement, code_postal, commune, code_commune, departement,
        rl1_matricule, rl1_qualite, rl2_matricule, rl2_qualite, fingerprint, 'ELIGIBLE', '', %(at)s, %(run)s, %(run)s
    FROM rollout_stage WHERE line >= %(first)s AND line < %(behind)s ORDER BY line
    ON CONFLICT (identity_id) DO UPDATE SET
        scheme = EXCLUDED.scheme, fund = EXCLUDED.fund, household = EXCLUDED.household, situation = EXCLUDED.situation,
        measure = EXCLUDED.measure, twin_rank = EXCLUDED.twin_rank, mail = EXCLUDED.mail, mobile = EXCLUDED.mobile,
        channel = EXCLUDED.channel, street = EXCLUDED.street, street_more = EXCLUDED.street_more,
        post_code = EXCLUDED.post_code, city = EXCLUDED.city, commune = EXCLUDED.commune,
        department = EXCLUDED.department, rl1_number = EXCLUDED.rl1_number, rl1_capacity = EXCLUDED.rl1_capacity,
        rl2_number = EXCLUDED.rl2_number, rl2_capacity = EXCLUDED.rl2_capacity, fingerprint = EXCLUDED.fingerprint,
        changed_run_id = EXCLUDED.changed_run_id,
        state = CASE e.state WHEN 'NOT_OPENED_DEATH' THEN 'ELIGIBLE' ELSE e.state END,
        state_at = CASE e.state WHEN 'NOT_OPENED_DEATH' THEN EXCLUDED.state_at ELSE e.state_at END
"""
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
    WHERE e.identity_id = own.id AND e.state = 'ELIGIBLE' AND e.double_of_id IS NULL
        AND NOT EXISTS (
            SELECT FROM rollout_eligibleperson AS held
            WHERE held.identity_id = other.id AND held.double_of_id IS NOT NULL
        )
"""
_KEEP_FINDINGS = """
    INSERT INTO rollout_importissue (run_id, line, field, code, severity, other_line)
    SELECT %(run)s, line, field, code, severity, other_line FROM rollout_finding ORDER BY line, id
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
    """Write the staged lines `first` to `first + SLICE - 1`, whole or not at all."""
    values = {**_values(run), "first": first, "behind": first + SLICE}
    with connection.cursor() as cursor:
        for statement in (_WAIT, _NEW_IDENTITIES, _CHANGED_IDENTITIES, _REGISTER):
            cursor.execute(statement, values)
        reach("rollout.import.before_slice_commit")
    ImportSlice.objects.bulk_create([ImportSlice(run=run, first_line=first)], ignore_conflicts=True)


def settle(*, run: ImportRun) -> None:
    """When all slices are written: hold and release doubles, keep the findings. The caller holds the transaction."""
    with connection.cursor() as cursor:
        for statement in (_RELEASE_DOUBLES, _HOLD_DOUBLES, _KEEP_FINDINGS):
            cursor.execute(statement, _values(run))
    run.slices.all().delete()


def _values(run: ImportRun) -> dict[str, Any]:
    return {"nia": Authority.NIA.value, "at": run.started_at, "run": run.pk}
