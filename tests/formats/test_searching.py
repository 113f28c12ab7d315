"""Words, stems and extracts of the search inside documents (D-01)."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.searching import AROUND, extract, stems_in, stems_of, words_of

TEXT = (
    "Compte rendu.\n\tPatient opéré en 2019 d’une hernie. L'œdème des membres inférieurs a diminué ; glycémies à jeun "
    "5,2 mmol/L puis 6,1. Suite sans grand intérêt, pour que la fin soit coupée quelque part."
)


def meets(one, other):
    return not stems_of(one).isdisjoint(stems_of(other))


def shown(words, text=TEXT):
    found = extract(text, [stems_of(word) for word in words_of(words)])
    return found and "".join(f"[{part.text}]" if part.is_hit else part.text for part in found.parts)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("glycemie", "Glycémies"),
        ("GLYCÉMIE", "glycémie"),
        ("hepatique", "hépatiques"),
        ("chirurgical", "chirurgicaux"),
        ("operee", "opéré"),
        ("opere", "opérées"),
        ("opérée", "opere"),
        ("oedeme", "œdèmes"),
        ("genoux", "genou"),
        ("hba1c", "HbA1c"),
        ("vaccination", "vaccinée"),
    ],
)
def test_capitals_accents_plurals_and_feminines_are_one_word(asked, written):
    assert meets(asked, written)


@pytest.mark.parametrize(("asked", "written"), [("TSH", "TSA"), ("foie", "fois"), ("5", "52")])
def test_other_words_stay_apart(asked, written):
    assert not meets(asked, written)


def test_hyphens_apostrophes_and_points_part_words():
    assert list(words_of("L’anti-inflammatoire, 5.2 (TSH)")) == ["L", "anti", "inflammatoire", "5", "2", "TSH"]


def test_letters_with_a_loose_accent_are_letters():
    assert stems_in(unicodedata.normalize("NFD", "Hémoglobine glyquée")) == stems_in("hémoglobine glyquée")


def test_the_extract_is_the_first_place_in_one_line_with_whole_words():
    assert shown("hernies") == (
        "Compte rendu. Patient opéré en 2019 d’une [hernie]. "
        "L'œdème des membres inférieurs a diminué ; glycémies à jeun 5,2 mmol/L"
    )


def test_the_first_word_of_a_text_is_not_cut():
    assert shown("mot", f"Hématologie{'x' * (AROUND - 4)} mot").startswith("Hématologie")


def test_figures_stand_as_in_the_text():
    assert shown("leucocytes", "Leucocytes : 6·10⁹/L, surface 1,8 m²") == "[Leucocytes] : 6·10⁹/L, surface 1,8 m²"


def test_the_extract_says_where_the_text_goes_on():
    start, middle, end = (extract(TEXT, [stems_of(word)]) for word in ("patient", "glycemie", "coupe"))
    assert (start.goes_on_before, start.goes_on_behind) == (False, True)
    assert (middle.goes_on_before, middle.goes_on_behind) == (True, True)
    assert (end.goes_on_before, end.goes_on_behind) == (True, False)


def test_every_word_near_is_marked():
    assert "[glycémies] à [jeun] 5,2 mmol/L" in shown("jeun GLYCÉMIE")


@pytest.mark.parametrize("words", ["zzz", "", "mem", "œ", "glyc", "(?:", "[", "\\"])
def test_no_extract_without_a_whole_word(words):
    assert shown(words) is None


def test_a_word_without_end_is_cut_and_does_no_harm():
    found = extract("x" * 5_000 + " aiguille " + "y" * 5_000, [stems_of("aiguille")])
    assert sum(len(part.text) for part in found.parts) < 3 * AROUND


@given(st.text(max_size=300), st.text(max_size=20))
def test_an_extract_stands_in_the_text(text, asked):
    wanted = [stems_of(word) for word in words_of(asked)]
    found = extract(text, wanted)
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if found is not None:
        assert any(part.is_hit for part in found.parts)
        assert " ".join("".join(part.text for part in found.parts).split()) in line
    assert (found is not None) == any(not stems.isdisjoint(stems_in(line)) for stems in wanted)


@given(st.text(max_size=40))
def test_a_word_always_finds_itself(text):
    for word in words_of(text):
        assert extract(f"a {word} b", [stems_of(word)]) is not None


def test_many_threads_get_the_stems_of_one():
    words = [f"{word}{number}s" for number in range(300) for word in ("hépatique", "glycémie", "opérée")]
    alone = {word: stems_of(word) for word in words}
    stems_of.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert dict(zip(words, pool.map(stems_of, words), strict=True)) == alone
