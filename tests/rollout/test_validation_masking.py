from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rollout.validation.masking import LONGEST, NOTHING, masked


class TestMasked:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("31/02/1980", "••/••/••••"),
            ("MART?N", "••••?•"),
            ("=CMD()", "=•••()"),
            ("é ²", "• •"),
            ("a\x00b", "•·•"),
            ("", NOTHING),
            ("A" * 40, "•" * 40),
            ("A" * 41, "•" * 39 + "…"),
        ],
    )
    def test_ro_02_shows_the_shape(self, value, shown):
        assert masked(value) == shown

    @given(st.text())
    def test_sec_22_no_letter_and_no_digit_stays(self, value):
        shown = masked(value)

        assert not any(letter.isalnum() for letter in shown)
        assert all(letter.isprintable() for letter in shown)
        assert len(shown) <= LONGEST
