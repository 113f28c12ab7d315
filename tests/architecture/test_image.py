"""The image of production (docs/deploy.md), as far as it can be checked without building it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from ens_portal.supervisor import plan
from tests.architecture.production import environment
from tests.architecture.sources import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ENTRY = (ROOT / "deploy/entry").read_text(encoding="utf-8")
COPIED = re.findall(r"^COPY (?!--from)(\S+) \S+$", DOCKERFILE, re.MULTILINE)


def allowed() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


def test_sec_27_what_is_copied_exists_and_may_be_sent_to_the_build():
    assert COPIED == [
        "requirements.txt",
        "manage.py",
        "ens_portal",
        "apps",
        "templates",
        "static",
        "locale",
        "deploy/entry",
    ]
    assert [path for path in COPIED if not (ROOT / path).exists()] == []
    assert {path.split("/")[0] for path in COPIED} == set(allowed())


@pytest.mark.parametrize("left_out", ["simulators", "tests", "benchmarks", "requirements-dev.txt", ".git", ".ens"])
def test_sec_29_nothing_simulated_and_no_test_goes_in(left_out):
    assert left_out not in allowed()


def test_sec_27_packages_come_by_hash_and_without_a_build():
    assert "pip install --require-hashes --only-binary :all: --requirement /build/requirements.txt" in DOCKERFILE
    assert "requirements-dev" not in DOCKERFILE


def test_sec_27_it_does_not_run_as_root():
    user = DOCKERFILE.index("\nUSER 10001\n")
    assert user < DOCKERFILE.index("\nENTRYPOINT ")
    assert "\nUSER root" not in DOCKERFILE


def test_sec_28_no_secret_stays_in_the_image():
    lasting = re.findall(r"^(?:ENV|ARG) (.*)$", DOCKERFILE, re.MULTILINE)
    names = re.findall(r"(\w+)=", " ".join(lasting))

    assert [name for name in names if "KEY" in name or "SECRET" in name or "URL" in name] == []


def test_the_files_copied_are_enough_to_collect_static_files(tmp_path):
    for path in COPIED:
        if path.startswith(("requirements", "deploy")):
            continue
        source = ROOT / path
        if source.is_dir():
            shutil.copytree(source, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / path)
    state = str(tmp_path / "state")

    done = subprocess.run(
        [sys.executable, "-P", "manage.py", "collectstatic", "--no-input", "--dry-run", "--verbosity", "0"],
        cwd=tmp_path,
        env={**environment(ENS_STATE_DIR=state), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_the_build_gives_every_variable_that_production_needs():
    given = set(re.findall(r"\b([A-Z][A-Z_]+)=", DOCKERFILE))

    assert set(environment()) - given - {"PATH", "LANG"} == set()


def test_the_entry_starts_what_the_demonstration_starts():
    assert f"{{1:-{plan.QUEUES}}}" in ENTRY
    for word in (
        "granian --interface wsgi",
        "--blocking-threads",
        "--no-ws",
        "ens_portal.wsgi:application",
        "mss_gateway",
    ):
        assert word in ENTRY
    assert subprocess.run(["sh", "-n", "deploy/entry"], cwd=ROOT, check=False).returncode == 0


def test_the_entry_can_be_executed():
    assert (ROOT / "deploy/entry").stat().st_mode & 0o111
