"""Words of the figures: nothing is shown as a code that has words."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import translation

from apps.rollout.figures.counting import AGES
from apps.rollout.figures.differences import IMPORT_SUMS, STATEMENTS
from apps.rollout.figures.outcomes import Outcome
from apps.rollout.models import EligiblePerson, Wave
from apps.rollout.views import figure_words

NBSP = "\u00a0"

pytestmark = pytest.mark.usefixtures("french")


def test_every_statement_of_the_reconciliation_has_words():
    assert set(figure_words.DIFFERENCES) == {*STATEMENTS, IMPORT_SUMS}


@pytest.mark.parametrize("code", [*STATEMENTS, IMPORT_SUMS])
def test_words_of_a_statement_are_french_and_no_code(code):
    words = figure_words.difference(code)

    assert words != code
    with translation.override("en"):
        assert words != figure_words.difference(code)


def test_a_pair_of_outcomes_is_said_with_both():
    assert figure_words.difference("opened/opposed") == (
        f"«{NBSP}espace ouvert{NBSP}» selon les états, «{NBSP}opposition{NBSP}» selon les faits"
    )


@pytest.mark.parametrize(("one", "other"), [pair for pair in product(Outcome, Outcome) if pair[0] != pair[1]])
def test_every_pair_of_outcomes_can_be_said(one, other):
    words = figure_words.difference(f"{one}/{other}")

    assert str(one.label) in words
    assert str(other.label) in words


@pytest.mark.parametrize("state", EligiblePerson.State)
def test_where_people_wait_is_said_by_their_state(state):
    assert figure_words.detail(Outcome.WAITING, state.value) == str(state.label)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("no-representative", "mineur sans représentant connu"),
        ("returned", "notification revenue, pas d'autre adresse"),
        ("double", "semble connue sous un autre numéro"),
    ],
)
def test_reasons_of_a_hold(code, words):
    assert figure_words.detail(Outcome.HELD, code) == words


def test_a_reason_of_a_failure_is_its_code():
    assert figure_words.detail(Outcome.FAILED, "23505") == "23505"


def test_classes_of_age_cover_everybody_once():
    assert [figure_words.age_class(number) for number in range(len(AGES) + 1)] == [
        "moins de 18 ans",
        "18 à 29 ans",
        "30 à 44 ans",
        "45 à 59 ans",
        "60 à 74 ans",
        "75 ans et plus",
    ]


def test_days_and_months_are_french():
    assert figure_words.short_day(date(2026, 9, 7)).replace(NBSP, " ") == "7 septembre"
    assert figure_words.month_name(date(2026, 8, 1)).replace(NBSP, " ") == "Août 2026"


def test_every_day_of_a_year_has_a_short_name():
    names = {figure_words.short_day(date(2028, 1, 1) + timedelta(days=number)) for number in range(366)}

    assert len(names) == 366


def test_a_wave_is_named_by_number_and_name():
    assert figure_words.wave_name(Wave(number=3, name="Somme")) == f"Vague 3{NBSP}: Somme"
