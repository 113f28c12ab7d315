from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.directory.finess import is_valid_finess


@pytest.mark.parametrize("number", ["2A0000014", "2B0000020", "340000017", "750000002", "970000006"])
def test_dir_10_the_key_fits(number):
    # 340000017: from the right 7+2+0+0+0+0+0+8+3 = 20.
    assert is_valid_finess(number)


@pytest.mark.parametrize("number", ["340000018", "34000017", "3A0000014", "2C0000014", "", "34000001 ", "３40000017"])
def test_dir_10_anything_else_is_refused(number):
    assert not is_valid_finess(number)


@given(serial=st.integers(min_value=0, max_value=99_999_999))
def test_one_key_in_ten_fits(serial):
    assert sum(is_valid_finess(f"{serial:08d}{key}") for key in range(10)) == 1
