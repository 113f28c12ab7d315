"""REL-02, REL-11: kills of the import and of the opening leave the tables of a straight run."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection

from apps.common.dates import PARIS
from apps.rollout.jobs import opening
from apps.rollout.models import EligiblePerson, ImportRun, ImportSlice
from apps.rollout.population import PopulationPlan, write_file
from apps.spaces.models import HealthSpace
from benchmarks.waiting import everybody_waited
from tests.faults.processes import KILLS, Machine

pytestmark = pytest.mark.faults
PLAN = PopulationPlan(count=110_000, today=date(2026, 1, 1), faults=0.02)  # several slices of either job
OPENED_AT = datetime(2026, 1, 5, 10, tzinfo=PARIS)
OPEN = ("manage.py", "rollout_open", "--at", "2026-01-05T10:00")
FORGOTTEN = """
    accounts_insidentity, accounts_user, rollout_importrun, rollout_wave, rollout_notice, rollout_noticecode,
    rollout_persontransition, audit_auditevent, audit_unsealedline
"""
# Everything that both jobs leave, without generated ids and instants.
TABLES = {
    "identities": """
        SELECT ins_number, authority, ins_key, birth_family_name, birth_given_names, first_given_name,
            family_name_in_use, given_name_in_use, sex, birth_date, birth_place, folded_family, folded_first_given,
            insi_retrieved, evidence_checked, died_on FROM accounts_insidentity ORDER BY 1, 2
    """,
    "register": """
        SELECT i.ins_number, i.authority, o.ins_number, e.scheme, e.fund, e.household, e.situation, e.measure,
            e.twin_rank, e.mail, e.mobile, e.channel, e.street, e.street_more, e.post_code, e.city, e.commune,
            e.department, e.rl1_number, e.rl1_capacity, e.rl2_number, e.rl2_capacity, e.fingerprint, e.state,
            e.state_reason
        FROM rollout_eligibleperson AS e JOIN accounts_insidentity AS i ON i.id = e.identity_id
        LEFT JOIN accounts_insidentity AS o ON o.id = e.double_of_id ORDER BY 1, 2
    """,
    "findings": "SELECT line, field, code, severity, other_line FROM rollout_importissue ORDER BY 1, 2, 3",
    "runs": "SELECT state, reason, read, accepted, unchanged, refused, ignored FROM rollout_importrun",
    "spaces": """
        SELECT i.ins_number, i.authority, s.status, s.opening_rule, s.opened_at
        FROM spaces_healthspace AS s JOIN accounts_insidentity AS i ON i.id = s.identity_id ORDER BY 1, 2
    """,
    "representations": """
        SELECT i.ins_number, i.authority, p.ins_number, p.authority, r.capacity, r.measure, r.starts_at, r.ends_at
        FROM spaces_representation AS r JOIN spaces_healthspace AS s ON s.id = r.space_id
        JOIN accounts_insidentity AS i ON i.id = s.identity_id JOIN accounts_insidentity AS p ON p.id = r.person_id
        ORDER BY 1, 2, 3, 4
    """,
    "trail of the spaces": """
        SELECT i.ins_number, i.authority, e.action, e.rule, e.actor_id, e.at
        FROM audit_auditevent AS e JOIN spaces_healthspace AS s ON s.id = e.scope_id
        JOIN accounts_insidentity AS i ON i.id = s.identity_id ORDER BY 1, 2, 3
    """,
    "steps": """
        SELECT i.ins_number, i.authority, t.from_state, t.to_state, t.actor, t.rule, t.reason
        FROM rollout_persontransition AS t JOIN accounts_insidentity AS i ON i.id = t.person_id ORDER BY 1, 2, t.id
    """,
    "trail": "SELECT action, count(*) FROM audit_auditevent GROUP BY action ORDER BY action",
}


def tables() -> dict[str, tuple[int, str]]:
    """Number of rows and fingerprint of each table."""
    with connection.cursor() as cursor:
        return {name: _fingerprint(cursor, statement) for name, statement in TABLES.items()}


def _fingerprint(cursor, statement: str) -> tuple[int, str]:
    cursor.execute(statement)
    digest = hashlib.sha256()
    while rows := cursor.fetchmany(10_000):
        digest.update(repr(rows).encode())
    return cursor.rowcount, digest.hexdigest()


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {FORGOTTEN} CASCADE")


def killed_five_times(machine: Machine, *arguments: str, point: str) -> None:
    """Two slices are committed in the end: every other run, of one lane, dies in its second slice."""
    for kill in range(KILLS):
        assert machine.dies(*arguments, "--cores", str(2 - kill % 2), at=f"{point}@{1 + kill % 2}")


def test_rel_02_the_roll_out_is_killed_five_times_while_it_writes_and_while_it_opens(machine: Machine, tmp_path: Path):
    file = tmp_path / "eligibles.csv"
    write_file(path=file, plan=PLAN)
    bring_in = ("manage.py", "rollout_import", str(file))
    machine.runs(*bring_in)
    everybody_waited(at=OPENED_AT)
    machine.runs(*OPEN)
    straight = tables()
    forget()

    killed_five_times(machine, *bring_in, point="rollout.import.before_slice_commit")
    assert ImportRun.objects.get().phase == ImportRun.Phase.APPLYING
    assert ImportSlice.objects.count() == 2
    counted = machine.runs(*bring_in).splitlines()[-1]
    assert counted.startswith(f"read={PLAN.count} ")
    everybody_waited(at=OPENED_AT)
    killed_five_times(machine, *OPEN, point="rollout.opening.before_commit")
    opened = EligiblePerson.objects.filter(state=EligiblePerson.State.OPEN)
    assert HealthSpace.objects.count() == opened.count() == 2 * opening.SLICE
    machine.runs(*OPEN)

    assert tables() == straight
    assert straight["spaces"][0] > 100_000
