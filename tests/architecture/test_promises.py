"""The threat model names tests that exist, and every promise; the glossary names words that exist."""

from __future__ import annotations

import re
from functools import cache

from tests.architecture.sources import ROOT, functions_of, python_files, short, tree_of

PROMISE = re.compile(r"\b(SEC|REL)-(\d{2})\b")
LAST_SECURITY_PROMISE = 34


@cache
def model() -> str:
    return (ROOT / "docs/THREAT_MODEL.md").read_text(encoding="utf-8")


def promise_lines() -> dict[str, str]:
    return {line[2:8]: line for line in model().splitlines() if re.match(r"\| (?:SEC|REL)-\d{2} ", line)}


def names_of_tests() -> set[str]:
    return {
        node.name
        for path in python_files("tests")
        for node in functions_of(tree_of(path))
        if node.name.startswith("test_")
    }


def test_tests_named_by_the_threat_model_exist():
    named = set(re.findall(r"`(test_\w+)`", model()))

    assert named
    assert named - names_of_tests() == set()


def test_every_security_promise_has_a_line():
    wanted = {f"SEC-{number:02d}" for number in range(1, LAST_SECURITY_PROMISE + 1)}

    assert {name for name in promise_lines() if name.startswith("SEC")} == wanted


def test_a_promise_without_a_test_is_written_open():
    silent = [name for name, line in promise_lines().items() if "`test_" not in line and "« open »" not in line]

    assert silent == []


def test_an_open_promise_has_no_test_of_its_id():
    """When the first test comes, the line has to say so."""
    tested = {
        f"{kind.upper()}-{number}"
        for name in names_of_tests()
        for kind, number in re.findall(r"_(sec|rel)_(\d\d)(?=_)", name)
    }
    open_ones = {name for name, line in promise_lines().items() if "« open »" in line}

    assert open_ones & tested == set()
    assert tested - set(promise_lines()) == set()


def test_threats_are_answered_by_promises_that_are_listed():
    lines = [line for line in model().splitlines() if re.match(r"\| T-\d{2} ", line)]
    answers = {f"{kind}-{number}" for line in lines for kind, number in PROMISE.findall(line.split("|")[5])}

    assert len(lines) == 22
    assert answers - set(promise_lines()) == set()


def test_ids_in_code_belong_to_promises_that_exist():
    found = {
        (short(path), f"SEC-{number}")
        for path in python_files()
        for kind, number in PROMISE.findall(path.read_text(encoding="utf-8"))
        if kind == "SEC"
    }

    assert [entry for entry in found if entry[1] not in promise_lines()] == []


def test_words_of_the_glossary_are_words_of_the_code():
    """The second column; rows that say "planned" wait for their code."""
    rows = [
        line.split("|") for line in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines() if line[:2] == "| "
    ]
    words = {word for row in rows if "(planned)" not in row[2] for word in re.findall(r"`([\w.]+)`", row[2])}
    code = "\n".join(path.read_text(encoding="utf-8") for path in python_files("apps"))

    assert len(words) > 50
    missing = [word for word in words if not re.search(rf"\b{word.rpartition('.')[2]}\b", code)]
    assert sorted(missing) == []
