"""Dates, times and sizes in French; every expected text is written out, no-break spaces as escapes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from apps.common.dates import PartialDate
from apps.ui import words


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("2026-11-18", "18\u00a0novembre 2026"),
        ("2026-11-01", "1er\u00a0novembre 2026"),
        ("2021-03", "mars 2021"),
        ("1952-06-00", "juin 1952"),
        ("1975", "1975"),
        ("1952-00-00", "1952"),
    ],
)
def test_dmp_09_a_date_is_shown_as_precisely_as_it_is_known(source, shown):
    assert words.partial_date(PartialDate.parse(source)) == shown


def test_dmp_09_an_unknown_date_is_said():
    assert words.partial_date(None) == "date non précisée"
    assert words.day(None) == "date non précisée"
    assert words.long_day(None) == "Date non précisée"


def test_a_moment_is_given_in_paris_time():
    winter = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
    summer = datetime(2026, 7, 12, 13, 5, tzinfo=UTC)

    assert words.moment(winter) == "le 12\u00a0mars 2026 à 14\u00a0h\u00a005"
    assert words.moment(summer) == "le 12\u00a0juillet 2026 à 15\u00a0h\u00a005"
    assert words.moment(None) == "à une date inconnue"


def test_an_hour_has_no_leading_zero():
    assert words.clock(datetime(2026, 1, 5, 7, 9, tzinfo=UTC)) == "8\u00a0h\u00a009"
    assert words.clock(None) == "heure inconnue"


def test_a_day_is_the_day_in_paris():
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight in Paris

    assert words.day(late) == "24\u00a0novembre 2026"
    assert words.long_day(late) == "Mardi 24\u00a0novembre 2026"
    assert words.long_day(date(2026, 11, 1)) == "Dimanche 1er\u00a0novembre 2026"


@pytest.mark.parametrize(
    ("octets", "shown"),
    [
        (0, "0\u00a0octets"),
        (999, "999\u00a0octets"),
        (1_000, "1,0\u00a0ko"),
        (84_213, "84\u00a0ko"),
        (1_240_000, "1,2\u00a0Mo"),
        (10_000_000, "10\u00a0Mo"),
    ],
)
def test_sizes_use_decimal_multiples(octets, shown):
    assert words.file_size(octets) == shown


def test_fingerprints_come_in_groups_of_four():
    assert words.fingerprint("7b1e04c9a2f6") == "7b1e 04c9 a2f6"
    assert words.fingerprint(bytes.fromhex("7b1e04c9")) == "7b1e 04c9"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Léa M.", "de Léa M."), ("Alice M.", "d'Alice M."), ("Élodie B.", "d'Élodie B."), ("Hugo P.", "d'Hugo P.")],
)
def test_de_loses_its_vowel_before_another(name, shown):
    assert words.of_person(name) == shown
