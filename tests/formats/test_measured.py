"""Figures of a document that can be followed over time: quantities with a LOINC code."""

from __future__ import annotations

import pytest

from apps.formats.cda.measured import Measured, dumped, loaded, measured
from apps.formats.cda.reader import read_cda
from apps.formats.cda.results import ReferenceRange
from tests.formats.small_cda import Analysis, SmallCda, section, sections

FERRITIN = Measured(
    code="2276-4",
    name="Ferritine",
    number="7.67",
    unit="g/L",
    at="2026-02-03T09:00:00+01:00",
    reference=ReferenceRange(low="9.30", high="17.00"),
)


def figures_of(*analyses, change=lambda body: body):
    entries = "".join(analysis.entry() for analysis in analyses)
    return measured(read_cda(SmallCda(body=change(sections(section("Texte", entries=entries)))).data()))


def test_a_quantity_keeps_code_unit_time_and_bounds_as_written():
    analysis = Analysis(value="7.67", low="9.30", high="17.00", at="20260203090000+0100")
    assert figures_of(analysis) == (FERRITIN,)


def test_dmp_09_a_time_keeps_its_precision_and_may_be_missing():
    found = figures_of(Analysis(value="1", at="202602"), Analysis(value="2"))
    assert [figure.at for figure in found] == ["2026-02", ""]


def test_two_units_stay_two_units():
    found = figures_of(Analysis(value="1"), Analysis(value="1000", unit="mg/L"), Analysis(value="3", unit="1"))
    assert [figure.unit for figure in found] == ["g/L", "mg/L", ""]


def test_words_and_analyses_without_a_loinc_code_are_left_out():
    def in_words(body):
        return body.replace('xsi:type="PQ" value="12" unit="g/L"/>', 'xsi:type="ST">12</value>')

    assert figures_of(Analysis(value="12"), change=in_words) == ()
    assert figures_of(Analysis(value="12"), change=lambda body: body.replace('2.16.840.1.113883.6.1"', '1.2.3"')) == ()


@pytest.mark.parametrize("number", ["1E+999999999", "1E-400", "9" * 40, "1_0", "٣", "0x1", "1e400"])
def test_a_number_that_no_analysis_gives_is_left_out(number):
    assert figures_of(Analysis(value=number)) == ()


@pytest.mark.parametrize("number", ["0", "-3.5", "0.0004", "1250000", "007"])
def test_usual_numbers_are_kept(number):
    assert [figure.number for figure in figures_of(Analysis(value=number))] == [number]


def test_a_loinc_code_may_be_a_translation():
    def translated(body):
        loinc = 'code="2276-4" codeSystem="2.16.840.1.113883.6.1"'
        return body.replace(f"<code {loinc}", f'<code code="F" codeSystem="1.2.3"><translation {loinc}').replace(
            'displayName="Ferritine"/>', 'displayName="Ferritine"/></code>'
        )

    assert [figure.code for figure in figures_of(Analysis(value="12"), change=translated)] == ["2276-4"]


def test_what_was_written_is_read_again():
    plain = Measured(code="2276-4", name="Ferritine", number="1", unit="", at="")
    assert loaded(dumped([FERRITIN, plain])) == (FERRITIN, plain)
    assert loaded(dumped([])) == ()
