"""STO-95, the statement."""

from __future__ import annotations

from datetime import date

import pytest

from apps.store.checks.web.statement import Statement, read_statement
from tests.store.checks.web.world import SITE, page, run, said, web_of

URL = f"{SITE}/accessibilite"
TODAY = date(2026, 3, 2)


GOOD_RATE = "L'audit révèle que 92 % des critères du RGAA sont respectés."


def statement(*, state="partiellement", rate=GOOD_RATE, day="5 janvier 2026"):
    return (
        f"<p>Le site est {state} conforme avec le RGAA.</p><p>{rate}</p>"
        f"<h2>Contenus non accessibles</h2><p>Cette déclaration a été établie le {day}.</p>"
    )


def look(body, *, rate=None, **more):
    answers = {"CRI_ACC_01": {"url": URL, "rate": rate}} if rate is not None else {}
    return run("accessibility", URL, web_of(page(URL, body, **more)), **answers)


def test_sto_95_a_good_rate_of_today_passes():
    finding = look(statement(), rate=92)

    assert said(finding) == ("pass", "")
    assert finding.measured == {"state": "partiellement", "rate": 92.0, "dated": "2026-01-05"}


@pytest.mark.parametrize("status", [404, 410])
def test_sto_95_no_statement_is_a_fact(status):
    assert said(look("", status=status)) == ("fail", "accessibility-absent")


@pytest.mark.parametrize("rate", ["", "Taux de conformité : 41 %", "49,99 % des critères"])
def test_sto_95_not_conform_is_a_fact(rate):
    assert said(look(statement(state="non", rate=rate))) == ("fail", "accessibility-not-conform")


@pytest.mark.parametrize(
    ("state", "rate"),
    [("non", "92 % des critères"), ("partiellement", "41 % RGAA"), ("totalement", "20 % RGAA")],
)
def test_sto_95_words_against_figures_are_looked_at(state, rate):
    assert said(look(statement(state=state, rate=rate))) == ("flag", "accessibility-unclear")


@pytest.mark.parametrize(
    ("rate", "expected"), [("75", "pass"), ("74,99", "flag"), ("60", "flag"), ("50", "flag"), ("100", "pass")]
)
def test_sto_95_rates(rate, expected):
    finding = look(statement(rate=f"{rate} % des critères du RGAA sont respectés"))

    assert said(finding) == (expected, "accessibility-partial" if expected == "flag" else "")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("3 mars 2023", ("pass", "")),
        ("2 mars 2023", ("flag", "accessibility-old")),
        ("02/03/2023", ("flag", "accessibility-old")),
        ("1er janvier 2020", ("flag", "accessibility-old")),
        ("3 mars 2026", ("flag", "accessibility-undated")),
        ("printemps", ("flag", "accessibility-undated")),
    ],
)
def test_sto_95_three_years(day, expected):
    assert said(look(statement(day=day))) == expected


def test_sto_95_the_declared_rate_is_the_one_of_the_page():
    assert said(look(statement(), rate=85)) == ("flag", "accessibility-differs")
    assert said(look(statement(), rate=91)) == ("pass", "")
    assert said(look(statement(), rate="92")) == ("pass", "")


def test_sto_95_total_conformity_needs_no_figure():
    assert said(look(statement(state="totalement", rate=""))) == ("pass", "")


@pytest.mark.parametrize("body", ["<p>Bonjour</p>", "", statement(rate="")])
def test_sto_95_without_a_rate_a_person_looks(body):
    assert said(look(body)) == ("flag", "accessibility-unread")


def test_closed_pages_and_other_files_are_looked_at():
    assert said(look("", status=403)) == ("flag", "page-closed")
    assert said(look("x", headers={"content-type": "image/png"})) == ("flag", "accessibility-unread")
    assert said(look(b"%PDF-1.7 rien", headers={"content-type": "application/pdf"})) == ("flag", "accessibility-unread")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le site est totalement conforme.", ("totalement", None, None)),
        ("Le service n’est pas conforme au RGAA.", ("non", None, None)),
        ("État de conformité : non conforme", ("non", None, None)),
        ("Il est actuellement partiellement\nconforme", ("partiellement", None, None)),
        ("Contenus non conformes : aucun", ("", None, None)),
        ("Le site est en conformité partielle. La carte interactive n'est pas conforme.", ("", None, None)),
        ("La carte interactive du site n'est pas conforme", ("", None, None)),
        ("Le menu est totalement conforme", ("", None, None)),
        ("Le site est complet. La carte est non conforme", ("", None, None)),
        ("La carte n'est pas conforme. L’application mobile Carnet n’est pas conforme.", ("non", None, None)),
        ("Le site www.carnet.fr est non conforme", ("non", None, None)),
        ("État de conformité Carnet Souffle est non conforme avec le RGAA", ("non", None, None)),
        ("État de conformité Carnet Souffle est totalement conforme", ("totalement", None, None)),
        (
            "Déclaration établie le 12 mars 2020." + " Bonjour." * 20 + " Le 20 février 2026",
            ("", None, date(2020, 3, 12)),
        ),
        ("Dernière mise à jour : 12/03/2020. Loi n° 2005-102 du 11 février 2005", ("", None, date(2020, 3, 12))),
        ("Le 20 février 2026", ("", None, None)),
        ("Les critères suivants sont non conformes", ("", None, None)),
        ("85,5 % de conformité au RGAA", ("", 85.5, None)),
        ("85.5% de critères respectés", ("", 85.5, None)),
        ("Remise de 20 % sur tout.", ("", None, None)),
        ("120 % de conformité", ("", None, None)),
        ("Établie le 12/01/2026 puis revue le 2026-02-01", ("", None, date(2026, 2, 1))),
        ("Établie le 31/02/2026", ("", None, None)),
        ("Audit du 1er février 2026", ("", None, date(2026, 2, 1))),
    ],
)
def test_reading(text, expected):
    state, rate, dated = expected

    assert read_statement(text, today=TODAY) == Statement(state=state, rate=rate, dated=dated)


def test_sec_32_hostile_text_is_read_in_time():
    for text in ("9" * 300_000, "1 % " * 60_000, "est " * 60_000, "12/12/" * 40_000, "é" * 300_000):
        read_statement(text, today=TODAY)


def test_a_statement_that_is_no_page_is_for_a_person():
    assert said(look(statement(), headers={"content-type": "text/plain"})) == ("flag", "accessibility-unread")
