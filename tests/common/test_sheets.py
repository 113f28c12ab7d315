"""Cells of our tables compute nothing in a spreadsheet and lose nothing on the way (SEC-31, S43)."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.sheets import BOM, inert, lines


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://voleur.example";"ouvrir")',
        "@SUM(1+1).pdf",
        "+33 6 12 34 56 78",
        "-2+3+cmd|' /C calc'!A0",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "\u00a0=1+1",
        "\u202f@SUM(1)",
        "\ufeff=1+1",
        "＝1+1",
        "＠SUM(1)",
    ],
)
def test_s43_sec_31_what_would_be_computed_is_prefixed(cell):
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["MOREL", "2 rue = impasse", "a-b", "1.2.250", "O'Neil", "", "É", "«=»"])
def test_other_texts_are_left_alone(cell):
    assert inert(cell) == cell


def test_numbers_keep_their_sign_and_nothing_is_empty():
    assert [inert(value) for value in (-3, 0, 2.5, None, True)] == ["-3", "0", "2.5", "", "True"]


def test_a_nul_is_left_out_and_does_not_hide_a_sign():
    assert (inert("a\0b"), inert("\0=1+1")) == ("ab", "'=1+1")


def test_the_file_opens_in_a_french_spreadsheet():
    made = list(lines(header=["ligne", "champ"], rows=[[1, "nom"], [2, 'dit "le Grand"; né ici']]))
    assert made == [f'{BOM}"ligne";"champ"\r\n', '"1";"nom"\r\n', '"2";"dit ""le Grand""; né ici"\r\n']


def test_a_title_is_a_cell_too():
    assert next(lines(header=["=1+1"], rows=[])) == f'{BOM}"\'=1+1"\r\n'


def test_rows_are_read_one_by_one():
    def rows():
        yield ["first"]
        raise RuntimeError

    made = lines(header=["x"], rows=rows())
    assert [next(made), next(made)] == [f'{BOM}"x"\r\n', '"first"\r\n']


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_sec_31_whatever_stands_in_it_reads_back_and_computes_nothing(rows):
    text = "".join(lines(header=["a", "b"], rows=rows)).removeprefix(BOM)
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert read == [["a", "b"], *([inert(cell) for cell in row] for row in rows)]
    for cell in (cell for row in read for cell in row):
        assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(alphabet=st.characters(exclude_characters="\0")))
def test_nothing_but_the_prefix_is_added(cell):
    assert inert(cell) in {cell, f"'{cell}"}
