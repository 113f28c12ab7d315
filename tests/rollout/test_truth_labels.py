"""Every truth label of an invented population is found, and no sound line is refused (decisions.md 31, Done 4)."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict

import pytest

from apps.accounts.models import InsIdentity
from apps.rollout.models import EligiblePerson, ImportRun
from tests.rollout.files import counts, run_import
from tests.rollout.truth import faults_of
from tests.shared_material import needs_shared, shared

pytestmark = [pytest.mark.django_db, needs_shared]


@pytest.fixture(scope="module")
def population() -> bytes:
    tool = shared("tools/make_population.py")
    command = [sys.executable, str(tool), "--count", "3000", "--defects", "0.06", "--truth", "--seed", "7"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def test_decisions_31_every_label_and_nothing_else(population):
    first = run_import(population)
    found = defaultdict(set)
    for line, code, severity in ImportRun.objects.get().issues.values_list("line", "code", "severity"):
        found[line].add((code, severity))

    assert first.read == 3000
    assert faults_of(population.decode(), found) == []


def test_rel_11_second_run_changes_nothing(population):
    first = run_import(population)
    before = list(EligiblePerson.objects.order_by("pk").values()), list(InsIdentity.objects.order_by("pk").values())

    second = run_import(population)

    assert counts(second) == (3000, 0, first.accepted + first.unchanged, first.refused, first.ignored)
    assert (
        list(EligiblePerson.objects.order_by("pk").values()),
        list(InsIdentity.objects.order_by("pk").values()),
    ) == before


def test_dry_run_writes_nothing(population):
    trial = run_import(population, dry_run=True)

    assert (InsIdentity.objects.count(), ImportRun.objects.count()) == (0, 0)
    assert trial == run_import(population)
