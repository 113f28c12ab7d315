"""All checks behind one contract (store.md 7)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils.translation import override

from apps.store.checks import local, web
from apps.store.checks.base import Check
from apps.store.checks.local import leaked_secrets
from apps.store.checks.local.reasons import Reason
from apps.store.checks.measured import MEASURED
from apps.store.checks.registry import CHECKS, runs_for
from apps.store.checks.words import WORDS_ENGINE, words_of
from apps.store.checks.words_local import WORDS_LOCAL
from apps.store.checks.words_web import WORDS_WEB
from tests.store.checks.local.dossiers import file, subject

CODES = {
    "redirect_uris", "hds", "images", "pdf", "antivirus", "file_type", "siren", "finess", "email", "store_links",
    "evidence_dates", "secrets",
}  # fmt: skip
RULES = {
    "redirect_uris": "STO-98", "hds": "STO-99", "images": "STO-100", "pdf": "STO-101", "antivirus": "STO-102",
    "file_type": "STO-103", "siren": "STO-104", "finess": "STO-105", "email": "STO-106", "store_links": "STO-107",
    "evidence_dates": "STO-108", "secrets": "L15",
}  # fmt: skip


def dossier():
    return subject(
        CRI_LEG_01={"siren": "732829320", "siret": "73282932000074"},
        CRI_INT_02={"uris": ["https://a.fr/1", "https://a.fr/2"]},
        CRI_FIC_03={"contact_email": "a@a.fr"},
        files=[file(b"a;b", name="a.csv"), file(b"%PDF-", name="b.pdf")],
    )


def test_codes_are_unique():
    assert len(CHECKS) == len(local.CHECKS_LOCAL) + len(web.CHECKS_WEB)
    assert all(CHECKS[code].code == code for code in CHECKS)


def test_every_local_check_is_there_with_its_rule():
    assert {check.code for check in local.CHECKS_LOCAL} == CODES
    assert {check.code: check.rule for check in local.CHECKS_LOCAL} == RULES


@pytest.mark.parametrize("code", CHECKS)
def test_each_keeps_the_contract(code):
    check = CHECKS[code]

    assert isinstance(check, Check)
    assert check.version >= 1
    assert check.criterion == "" or check.criterion.startswith("CRI-")
    assert len(code) <= 32


def test_runs_of_a_dossier_are_each_once_in_one_order():
    runs = runs_for(dossier())
    evidence = [str(each.id) for each in dossier().files]

    assert runs == runs_for(dossier())
    assert len(set(runs)) == len(runs)
    assert [run for run in runs if run[0] in CODES] == [
        ("siren", "732829320"), ("siren", "73282932000074"), ("email", "a@a.fr"),
        ("redirect_uris", "https://a.fr/1"), ("redirect_uris", "https://a.fr/2"),
        ("antivirus", evidence[0]), ("antivirus", evidence[1]), ("file_type", evidence[0]), ("file_type", evidence[1]),
        ("pdf", evidence[1]), ("secrets", evidence[0]), ("secrets", evidence[1]),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["h" * 2001, "é" * 1001, "https://a.example/" + "é" * 1900])
def test_sto_110_what_is_longer_than_a_row_may_be_is_no_target(text):
    """Forms take nothing of that length; a dossier is sent all the same."""
    fields = {"CRI_SEC_01": {"hosts": [text, "a.example"]}, "CRI_SEC_03": {"url": text}}

    assert runs_for(subject(**fields)) == (("tls", "a.example"), ("ownership", "a.example"))


def test_an_empty_dossier_runs_nothing():
    assert runs_for(subject()) == ()


def test_every_local_reason_has_words_and_a_code_that_fits_into_a_row():
    assert set(WORDS_LOCAL) == set(Reason)
    assert max(len(reason) for reason in Reason) <= 40
    assert not set(WORDS_LOCAL) & set(WORDS_WEB)
    assert not set(WORDS_ENGINE) & {*WORDS_LOCAL, *WORDS_WEB}


def test_what_the_engine_says_of_a_step_has_words():
    folder = Path(local.__file__).parents[2] / "jobs"
    said = {
        keyword.value.value
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Finding", "_finding"}
        for keyword in node.keywords
        if keyword.arg == "reason" and isinstance(keyword.value, ast.Constant)
    }

    assert {"unknown-check", "store-away"} <= said <= set(WORDS_ENGINE)
    with override("en"):
        assert all(str(words_of(reason).found) for reason in WORDS_ENGINE)


def test_what_a_check_measures_has_a_label():
    said = set()
    for path in (Path(local.__file__).parents[1]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"passed", "flagged", "failed", "in_trouble"}:
                said |= {keyword.arg for keyword in node.keywords if keyword.arg}
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                if ast.unparse(target) in {"measured", "size"}:
                    said |= {key.value for key in node.value.keys}
    said |= {leaked_secrets._PAGE, leaked_secrets._LINE}

    assert set(MEASURED) == said


def test_every_local_reason_is_given_by_a_check():
    folder = Path(local.__file__).parent
    used = {
        node.attr
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Reason"
    }

    assert {reason.name for reason in Reason} - used == set()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("reason", Reason)
def test_words_say_what_was_found_and_what_to_do(reason, language):
    with override(language):
        words = words_of(reason)

        assert str(words.found)
        assert str(words.cure) or reason is Reason.FILE_GONE


def test_words_are_french():
    with override("fr"):
        texts = {str(words_of(reason).found) for reason in Reason}
    with override("en"):
        assert not texts & {str(words_of(reason).found) for reason in Reason}


def test_a_pass_and_an_unknown_reason_have_words_too():
    with override("en"):
        assert str(words_of("").found) == "Nothing to correct."
        assert words_of("").cure == ""
        assert str(words_of("of-a-former-version").cure).startswith("Start the check again")
