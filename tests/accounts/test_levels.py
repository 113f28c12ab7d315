"""Levels of sign-in (IDN-20, SEC-34)."""

from __future__ import annotations

import pytest

from apps.accounts.levels import reaches
from apps.accounts.policies import may_see_content


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
    assert bool(may_see_content(level=level, minimum=minimum)) is enough


def test_sec_34_a_refusal_names_its_rule():
    assert may_see_content(level="eidas1", minimum="eidas2").rule == "accounts.level_too_low"
