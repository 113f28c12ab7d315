"""Templates: clean under the content security policy, downward only, none forgotten (SEC-07, SEC-08)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, python_files, short, templates
from tests.harness.pages import faults_of

FOLDER = ROOT / "templates"
REFERENCES = re.compile(r"""\{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")
TAGS = re.compile(r"\{[%{#].*?[%}#]\}", re.DOTALL)
# Shared by every app: the frame, the pages that formats make of documents, widgets of Django.
SHARED = {"ui", "formats", "django"}


def app_of(path: Path) -> str:
    return path.relative_to(FOLDER).parts[0]


def refused_load(text: str, library: str) -> bool:
    return any(library in names.split() for names in re.findall(r"\{%\s*load\s+([^%]+?)\s*%\}", text))


@pytest.mark.parametrize("path", templates(), ids=short)
def test_sec_08_no_inline_style_script_or_handler(path):
    source = TAGS.sub(" x ", path.read_text(encoding="utf-8"))

    assert faults_of(source) == []


@pytest.mark.parametrize("path", templates(), ids=short)
def test_sec_07_nothing_is_declared_safe(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe(?:seq)?\b|autoescape\s+off", text)


def test_dsfr_tags_are_loaded_by_ui_only():
    loading = [short(path) for path in templates() if refused_load(path.read_text(encoding="utf-8"), "dsfr_tags")]

    assert [name for name in loading if not name.startswith("templates/ui/")] == []


def test_templates_refer_to_their_own_app_or_to_shared_ones():
    upward = [
        f"{short(path)} -> {target}"
        for path in templates()
        for target in REFERENCES.findall(path.read_text(encoding="utf-8"))
        if target.partition("/")[0] not in SHARED | {app_of(path)}
    ]

    assert upward == []


def test_templates_that_are_named_exist():
    names = {path.relative_to(FOLDER).as_posix() for path in templates()}
    wanted = {target for path in templates() for target in REFERENCES.findall(path.read_text(encoding="utf-8"))}

    assert {name for name in wanted if name.partition("/")[0] not in {"dsfr", "django"}} - names == set()


def test_every_template_is_used():
    texts = [path.read_text(encoding="utf-8") for path in (*python_files("apps", "ens_portal"), *templates())]
    everything = "\n".join(texts)
    unused = [name for name in map(short, templates()) if name.removeprefix("templates/") not in everything]

    # Names made at run time: texts by language and page, error pages by what happened.
    assert [name for name in unused if not re.search("/fr/|/errors/", name)] == []


def test_static_files_that_are_named_exist():
    wanted = {
        (short(path), target)
        for path in templates()
        for target in re.findall(r"""\{%\s*static\s+["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    missing = {
        (name, target)
        for name, target in wanted
        if not target.startswith("dsfr/") and not (ROOT / "static" / target).exists()
    }

    assert missing == set()


def test_no_code_of_pages_comes_from_elsewhere():
    texts = [(short(path), path.read_text(encoding="utf-8")) for path in templates()]

    assert [name for name, text in texts if re.search(r"<(?:script|link|img|iframe)\b[^>]*https?://", text)] == []


def test_scripts_neither_evaluate_texts_nor_write_markup():
    scripts = sorted((ROOT / "static").rglob("*.js"))
    refused = re.compile(r"\beval\(|new Function\(|\.innerHTML\s*=|insertAdjacentHTML|document\.write")

    assert [short(path) for path in scripts if refused.search(path.read_text(encoding="utf-8"))] == []


def test_sec_16_the_browser_stores_the_theme_and_nothing_else():
    scripts = sorted((ROOT / "static").rglob("*.js"))
    storage = re.compile(r"localStorage|sessionStorage|indexedDB|serviceWorker|caches\.open")
    users = [path for path in scripts if storage.search(path.read_text(encoding="utf-8"))]

    assert [short(path) for path in users] == ["static/ui/theme.js"]
    assert re.findall(r'Storage\.setItem\("(\w+)"', users[0].read_text(encoding="utf-8")) == ["scheme"]


def test_budget_of_template_length():
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in templates())

    assert lengths[int(len(lengths) * 0.9)] <= 100


def test_layers_of_templates_are_those_of_the_code():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    lines = next(one["layers"] for one in contracts if one["name"] == "Apps are layered")
    placed = {name.strip(" ()") for line in lines for name in line.split("|")}

    assert {app_of(path) for path in templates()} <= placed
