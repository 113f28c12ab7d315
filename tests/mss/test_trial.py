"""The page that says what a trial with an operator shows names tests that exist."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT

PAGE = ROOT / "docs" / "domain" / "mss.md"
SECTION = re.compile(r"^## What a trial with an operator would have to show$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def lines() -> list[str]:
    found = SECTION.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    return [line for line in found[1].splitlines() if line.startswith("| ") and not line.startswith("| id ")]


def test_every_line_names_a_test_that_exists():
    assert len(lines()) >= 12
    for line in lines():
        named = NAMED.findall(line)
        assert named, line
        for path, name in named:
            source = ROOT / path
            assert source.is_file(), path
            assert re.search(rf"^ *def {name}\(", source.read_text(encoding="utf-8"), re.MULTILINE), f"{path}::{name}"
