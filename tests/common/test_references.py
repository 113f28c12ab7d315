from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.references import is_reference, new_reference

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_can_be_read_out():
    assert re.fullmatch(r"CLO-[2-9A-HJKMNP-TV-Z]{5}-[2-9A-HJKMNP-TV-Z]{6}", new_reference("CLO"))


def test_two_are_different():
    assert len({new_reference("CLO") for _ in range(200)}) == 200


def test_however_it_is_written():
    made = new_reference("CLO")
    for typed in (made, made.lower(), made.replace("-", ""), made.replace("-", " "), f" {made} "):
        assert is_reference(typed, prefix="CLO")


@pytest.mark.parametrize(
    "typed", ["", "CLO", "CLO-22222-22222", "OPP-22222-222222", "CLO-OOOOO-OOOOOO", "CLO-é2222-222222"]
)
def test_what_is_none(typed):
    assert not is_reference(typed, prefix="CLO")


def test_by_hand():
    assert is_reference("CLO-22222-222222", prefix="CLO")  # ten zeros of the base, check letter zero
    assert is_reference("CLO-22222-22223Z", prefix="CLO") is False
    assert is_reference("CLO-22222-22223Y", prefix="CLO")  # 2 x 1 = 2, and 2 + 28 = 30


@given(place=st.integers(0, 10), letter=st.sampled_from(LETTERS))
def test_one_wrong_letter_is_found(place, letter):
    made = new_reference("CLO").removeprefix("CLO-").replace("-", "")
    wrong = made[:place] + letter + made[place + 1 :]
    assert is_reference(f"CLO{wrong}", prefix="CLO") == (wrong == made)
