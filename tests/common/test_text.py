from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.common.text import fold


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Zoë D’Alençon-Ménard", "ZOE D ALENCON MENARD"),
        ("D'ALENCON MENARD", "D ALENCON MENARD"),
        ("Lœtitia", "LOETITIA"),
        ("Æmilia", "AEMILIA"),
        ("Jean‑Pierre", "JEAN PIERRE"),  # no-break hyphen
        ("  de  La   Tour ", "DE LA TOUR"),
        ("Strauß", "STRAUSS"),
        ("Ǽlfrida", "AELFRIDA"),  # a ligature that bears an accent
        ("Ñuñez", "NUNEZ"),
        ("", ""),
    ],
)
def test_idn_17_names_are_compared_folded(name, folded):
    assert fold(name) == folded


def test_s39_decomposed_letters_and_curly_apostrophe_meet_the_trait_of_the_file():
    from_provider = unicodedata.normalize("NFD", "d’Alençon-Ménard")

    assert fold(from_provider) == fold("D'ALENCON MENARD") == "D ALENCON MENARD"


@given(text=st.text())
@example(text="Ǽ")
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(text=st.text())
def test_composed_and_decomposed_spellings_agree(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(text=st.text(alphabet=st.characters(max_codepoint=0x17F)))
def test_no_small_letter_and_no_double_space_are_left(text):
    folded = fold(text)

    assert folded == folded.upper()
    assert "  " not in folded
    assert folded == folded.strip()
