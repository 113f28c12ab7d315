"""REL-02, REL-11: kills of the job behind the console's imports leave the tables of a straight import (RO-02)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.rollout.models import EligiblePerson, ImportFile, ImportRun
from apps.rollout.population import PopulationPlan, write_file
from apps.rollout.services import import_console
from tests import factories
from tests.faults.processes import KILLS, Machine, environment_of_test
from tests.faults.test_rollout import forget, tables

pytestmark = pytest.mark.faults
WORK = "import django; django.setup(); from apps.rollout.tasks import carry_on_imports; carry_on_imports()"
PEOPLE = 60_000  # two slices


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path, settings, machine: Machine) -> Machine:
    """Its processes read the folder of the test's imports."""
    settings.IMPORT_DIR = str(tmp_path / "imports")
    place = environment_of_test(tmp_path, ENS_IMPORT_DIR=settings.IMPORT_DIR)
    return Machine(environment={**machine.environment, **place}, counts=machine.counts)


def written(path: Path, name: str, **plan) -> None:
    """A file in the folder of the server."""
    folder = path / "imports"
    folder.mkdir(exist_ok=True)
    write_file(path=folder / name, plan=PopulationPlan(today=date(2026, 1, 1), faults=0.02, **plan))


def brought(name: str) -> ImportFile:
    return import_console.bring_server_file(actor=acting(StaffRole.OPERATOR), name=name, sha256="", at=timezone.now())


def acting(role: StaffRole) -> Actor:
    return factories.at_work(factories.staff(role), at=timezone.now())


def confirmed(file: ImportFile) -> None:
    at = timezone.now()
    file = import_console.confirm(actor=acting(StaffRole.OPERATOR), file_id=file.id, is_complete=False, at=at)
    if file.state == ImportFile.State.ASKED:
        import_console.approve(actor=acting(StaffRole.APPROVER), file_id=file.id, at=at)


def lasting() -> dict[str, tuple[int, str]]:
    return {name: found for name, found in tables().items() if name in {"identities", "register", "findings"}}


def test_rel_02_a_file_of_the_console_is_killed_five_times_while_it_is_written(worker: Machine, tmp_path: Path):
    written(tmp_path, "lot.csv", count=PEOPLE)
    worker.runs("manage.py", "rollout_import", str(tmp_path / "imports" / "lot.csv"))
    straight = lasting()
    forget()
    file = brought("lot.csv")
    worker.runs("-c", WORK)
    file.refresh_from_db()
    assert (file.state, file.read) == (ImportFile.State.TRIED, PEOPLE)

    confirmed(file)
    for kill in range(1, KILLS + 1):  # the last one once the other slice is written
        assert worker.dies("-c", WORK, at=f"rollout.import.before_slice_commit@{1 + (kill == KILLS)}")
    worker.runs("-c", WORK)

    file.refresh_from_db()
    assert (file.state, lasting()) == (ImportFile.State.DONE, straight)
    assert events_of(PLATFORM_SCOPE).filter(action="rollout.import.finish").count() == 1


def test_rel_02_a_kill_between_the_last_line_and_the_row_of_the_file(worker: Machine, tmp_path: Path):
    for number in range(KILLS):
        written(tmp_path, f"lot-{number}.csv", count=50, seed=number)
        file = brought(f"lot-{number}.csv")
        worker.runs("-c", WORK)
        confirmed(file)
        assert worker.dies("-c", WORK, at="rollout.import.before_file_done")
        people = EligiblePerson.objects.count()
        worker.runs("-c", WORK)

        file.refresh_from_db()
        assert (file.state, EligiblePerson.objects.count()) == (ImportFile.State.DONE, people)
    assert ImportRun.objects.count() == KILLS
