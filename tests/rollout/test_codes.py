from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.ids import uuid7
from apps.common.references import ALPHABET
from apps.rollout.codes import code_of, mac_of, read_code
from apps.rollout.symbols import grouped

ROW = UUID("0190a000-0000-7000-8000-000000000001")


def test_sec_06_twelve_symbols_of_thirty_that_say_the_same_each_time():
    code = code_of(ROW)
    assert len(code) == 12
    assert set(code) <= set(ALPHABET)
    assert code_of(ROW) == code
    assert len({code_of(uuid7()) for _number in range(2000)}) == 2000


def test_sec_06_another_key_gives_other_codes_and_hashes(settings):
    before = code_of(ROW), mac_of("K7MF3QXT9BRD")
    settings.NOTICE_CODE_KEY = "another secret of thirty-two letters"
    assert code_of(ROW) != before[0]
    assert mac_of("K7MF3QXT9BRD") != before[1]
    assert len(mac_of("K7MF3QXT9BRD")) == 32


def test_sec_06_each_symbol_is_as_likely_as_the_others():
    """Eleven drawn symbols a code: 22,000 draws, 733 of each symbol expected, standard deviation 27."""
    drawn = "".join(code_of(UUID(int=number))[:11] for number in range(2000))
    assert all(600 < drawn.count(symbol) < 870 for symbol in ALPHABET)


@given(st.uuids())
def test_typed_codes_are_read_however_they_are_written(row):
    code = code_of(row)
    assert read_code(code) == code
    assert read_code(f" {grouped(code).lower()} ") == code
    assert read_code(" ".join(code)) == code


@pytest.mark.parametrize("typed", ["", "K7MF-3QXT-9BR", "K7MF-3QXT-9BRDD", "O" * 12, "é" * 12, "K7MF 3QXT 9BR\x00"])
def test_what_can_be_no_code_is_none(typed):
    assert read_code(typed) is None


@given(st.uuids(), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_found_before_the_database_is_asked(row, place, symbol):
    code = code_of(row)
    wrong = code[:place] + symbol + code[place + 1 :]
    assert read_code(wrong) == (code if wrong == code else None)


def test_the_groups_of_letters_and_mails():
    assert grouped("K7MF3QXT9BRD") == "K7MF-3QXT-9BRD"
