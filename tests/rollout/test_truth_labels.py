"""Every truth label of an invented population is found, and no sound line is refused (decisions.md 31)."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from apps.accounts.models import InsIdentity, StaffRole
from apps.rollout.models import EligiblePerson, ImportFile, ImportRun
from apps.rollout.population import PopulationPlan, write_file
from apps.rollout.services import import_console
from tests import factories
from tests.cast import client_of
from tests.harness.clock import NOON
from tests.rollout.files import counts, run_import
from tests.rollout.import_files import acting, tried, work
from tests.rollout.truth import DOUBLES, LABELS, REFUSED, Found, faults_of, labels_of
from tests.shared_material import needs_shared, shared

pytestmark = pytest.mark.django_db
PEOPLE = 3000


def _own(folder: Path) -> bytes:
    """The product's own generator: homonyms are too rare for a small file, everything else is there."""
    path = folder / "eligibles.csv"
    write_file(path=path, plan=PopulationPlan(count=PEOPLE, today=date(2026, 1, 1), seed=7, faults=0.2, truth=True))
    assert labels_of(path.read_text(encoding="utf-8")) >= LABELS - {"HOMONYME"}
    return path.read_bytes()


def _of_the_tool(*more: str) -> bytes:
    tool = shared("tools/make_population.py")
    command = [sys.executable, str(tool), "--count", str(PEOPLE), "--truth", *more]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


MAKERS = {
    "own": _own,
    "tool": lambda _folder: _of_the_tool("--defects", "0.06", "--seed", "7"),
    "tool, mostly broken": lambda _folder: _of_the_tool("--defects", "0.6", "--seed", "11"),
}


@pytest.fixture(
    scope="module",
    params=["own", pytest.param("tool", marks=needs_shared), pytest.param("tool, mostly broken", marks=needs_shared)],
)
def population(request, tmp_path_factory) -> bytes:
    return MAKERS[request.param](tmp_path_factory.mktemp("population"))


def findings(run: ImportRun) -> Found:
    found = defaultdict(set)
    for line, code, severity in run.issues.values_list("line", "code", "severity"):
        found[line].add((code, severity))
    return found


def test_decisions_31_every_label_and_nothing_else(population):
    first = run_import(population)

    assert first.read == PEOPLE
    assert faults_of(population.decode(), findings(ImportRun.objects.get())) == []


class TestConsole:
    """The way of an operator: brought, tried, confirmed, agreed to, written."""

    @pytest.fixture(autouse=True)
    def place(self, tmp_path, settings):
        settings.IMPORT_DIR = str(tmp_path)

    def imported(self, population: bytes) -> ImportFile:
        file = tried(population)
        assert faults_of(population.decode(), findings(file.trial)) == []
        import_console.confirm(actor=acting(), file_id=file.id, is_complete=False, at=NOON)
        viktor = factories.staff(StaffRole.APPROVER)
        import_console.approve(actor=acting(viktor), file_id=file.id, at=NOON)
        work()
        file.refresh_from_db()
        return file

    def test_decisions_31_the_dry_run_and_the_import_say_the_same(self, population):
        file = self.imported(population)

        assert file.state == ImportFile.State.DONE
        assert faults_of(population.decode(), findings(file.run)) == []
        assert (file.run.read, file.run.refused) == (PEOPLE, file.refused)

    def test_decisions_31_the_report_names_each_line_its_kind_and_the_line_it_repeats(self, population):
        file = self.imported(population)
        desk = client_of(factories.staff(StaffRole.OPERATOR))
        sheet = desk.get(f"/deploiement/imports/{file.id}/rapport.csv").getvalue().decode("utf-8-sig")
        told = defaultdict(set)
        for line, _field, code, _shape, words in list(csv.reader(io.StringIO(sheet), delimiter=";"))[1:]:
            told[int(line)].add(code)
            if code in DOUBLES - {"DOUBLON_NIA"}:
                assert "Voir la ligne " in words

        assert told == {line: {code for code, _ in found} for line, found in findings(file.run).items()}

    def test_rol_11_who_is_in_the_register_is_who_has_a_sound_line(self, population):
        file = self.imported(population)
        rows = list(csv.DictReader(io.StringIO(population.decode()), delimiter=";"))
        kept_out = {f"DEFAUT:{kind}" for kind in REFUSED}
        sound = {row["matricule"] for row in rows if row["verite"] not in kept_out}
        joined = file.run.issues.filter(code="DOUBLON_NIA").count()
        people = set(InsIdentity.objects.values_list("ins_number", flat=True))

        assert people <= sound
        assert len(people) == len(sound) - joined == EligiblePerson.objects.count()


def test_rel_11_second_run_changes_nothing(population):
    first = run_import(population)
    before = list(EligiblePerson.objects.order_by("pk").values()), list(InsIdentity.objects.order_by("pk").values())

    second = run_import(population)

    assert counts(second) == (PEOPLE, 0, first.accepted + first.unchanged, first.refused, first.ignored)
    assert (
        list(EligiblePerson.objects.order_by("pk").values()),
        list(InsIdentity.objects.order_by("pk").values()),
    ) == before


def test_dry_run_writes_nothing(population):
    trial = run_import(population, dry_run=True)

    assert (InsIdentity.objects.count(), ImportRun.objects.count()) == (0, 0)
    assert trial == run_import(population)
