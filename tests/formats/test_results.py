"""Results from coded entries: read against their range, or left to the narrative (DMP-89)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.cda.html import render_document
from apps.formats.cda.lab_table import unit_words
from apps.formats.cda.reader import read_cda
from apps.formats.cda.results import LabResult, Reading, ReferenceRange, combined, compared
from tests.formats.pages import plain
from tests.formats.small_cda import Analysis, SmallCda, section, sections


def read(*analyses: Analysis) -> tuple[tuple[LabResult, ...], bool]:
    entries = "".join(analysis.entry() for analysis in analyses)
    found = read_cda(SmallCda(body=sections(section("Texte", entries=entries))).data()).sections[0]
    return found.results, found.has_unread_results


@pytest.mark.parametrize(
    ("analysis", "reading"),
    [
        (Analysis(value="7.67", low="9.30", high="17.00"), Reading.BELOW),
        (Analysis(value="17.1", low="9.30", high="17.00"), Reading.ABOVE),
        (Analysis(value="17.00", low="9.30", high="17.00"), Reading.WITHIN),
        (Analysis(value="2.31", high="2.00", code="H"), Reading.ABOVE),
        (Analysis(value="95", low="4", high="60", code="HH"), Reading.CRITICAL_HIGH),
        (Analysis(value="1", low="4", high="60", code="LL"), Reading.CRITICAL_LOW),
        (Analysis(value="123", low="150", high="350", code="A"), Reading.BELOW),
        (Analysis(value="2.0", code="N"), Reading.WITHIN),
        (Analysis(value="2.0"), Reading.UNKNOWN),
    ],
)
def test_a_value_is_read_against_its_range(analysis, reading):
    results, unread = read(analysis)

    assert ([result.reading for result in results], unread) == ([reading], False)


@pytest.mark.parametrize(
    "analysis",
    [
        Analysis(value="4.89", low="3.89", high="3.89", code="N"),  # both bounds alike: seen in an official sample
        Analysis(value="5", low="9", high="3"),
        Analysis(value="5", low="9", high="12", code="N"),  # the laboratory says normal, the figures say low
        Analysis(value="5", low="9", high="12", code="H"),
        Analysis(value="10", low="9", high="12", code="A"),
        Analysis(value="5", low="9", high="12", unit="g/L", range_unit="mmol/L"),
        Analysis(value="beaucoup", low="9", high="12"),
        Analysis(value="NaN", low="9", high="12"),
    ],
)
def test_dmp_89_what_cannot_be_read_surely_is_left_to_the_narrative(analysis):
    assert read(analysis) == ((), True)


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_a_reading_agrees_with_arithmetic(value, low, high):
    reading = compared(value, ReferenceRange(low=str(low), high=str(high)))

    outside = (value > high) - (value < low)
    expected = {-1: Reading.BELOW, 0: Reading.WITHIN, 1: Reading.ABOVE}[outside] if low < high else None
    assert reading is expected


def test_a_bound_may_lie_outside_its_range():
    assert compared(Decimal(5), ReferenceRange(high="5", high_inside=False)) is Reading.ABOVE
    assert compared(Decimal(5), ReferenceRange(low="5", low_inside=False)) is Reading.BELOW


@given(st.sampled_from([*Reading, None]), st.sampled_from(["N", "L", "LL", "H", "HH", "A", "S", None]))
def test_a_contradiction_is_never_shown(computed, code):
    reading = combined(computed, code)

    if computed is Reading.WITHIN and code in {"L", "LL", "H", "HH", "A"}:
        assert reading is None
    if computed is Reading.BELOW and code in {"N", "H", "HH"}:
        assert reading is None


def test_the_table_says_the_reading_in_words():
    low = Analysis(value="7.67", low="9.30", high="17.00", unit="pg/mL", range_unit="pg/mL", name="T4 libre")
    unsure = Analysis(value="5", low="9", high="3")
    body = sections(section("Texte", title="Biochimie", entries=low.entry() + unsure.entry()))

    page = plain(render_document(read_cda(SmallCda(body=body).data())))

    assert "Résultats, avec lecture en mots – Biochimie" in page
    assert "T4 libre 7,67 pg/mL 9,30 à 17,00 ↓ au-dessous de la valeur de référence" in page
    assert "1 résultat sur 1 est hors des valeurs de référence de ce laboratoire." in page
    assert "Certains résultats ne se lisent que dans le texte." in page


def test_without_any_reading_there_is_no_table():
    body = sections(section("Texte", entries=Analysis(value="2.0").entry()))

    assert "lecture en mots" not in plain(render_document(read_cda(SmallCda(body=body).data())))


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("m[IU]/L", "mUI/L"),
        ("10*9/L", "10⁹/L"),
        ("10*-3", "10⁻³"),
        ("{ratio}", ""),
        ("mm[Hg]", "mm[Hg]"),
        ("/uL", "/µL"),
        (None, ""),
    ],
)
def test_units_are_written_as_people_write_them(unit, written):
    assert unit_words(unit) == written
