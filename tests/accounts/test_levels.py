"""Levels of sign-in (IDN-20, SEC-34)."""

from __future__ import annotations

import pytest

from apps.accounts.levels import reaches


@pytest.mark.parametrize(
    ("level", "minimum", "enough"),
    [
        ("eidas1", "eidas1", True),
        ("eidas2", "eidas1", True),
        ("eidas3", "eidas2", True),
        ("eidas1", "eidas2", False),
        ("eidas2", "eidas3", False),
        ("", "eidas1", False),
        ("eidas0", "eidas1", False),
        ("eidas9", "eidas1", False),
        ("EIDAS3", "eidas1", False),
    ],
)
def test_sec_34_content_needs_the_level(level, minimum, enough):
    assert reaches(level, minimum) is enough
