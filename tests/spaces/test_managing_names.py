"""Every address of the mailbox that changes something is closed to a relative who may only read (SPA-55, MSS-81)."""

from __future__ import annotations

import pytest

from apps.access import Section
from apps.mss.urls import urlpatterns
from apps.spaces.middleware import _MANAGING, _READING
from tests.access.matrix import MATRIX, Answer
from tests.cast import Who

# A search, and the mark that everybody who reads may set (MSS-35).
READING = {"mss:thread_list", "mss:thread_unread"}
NAMES = sorted(f"mss:{pattern.name}" for pattern in urlpatterns)


def takes_a_post(name: str) -> bool:
    return MATRIX[name].post[Who.HOLDER] is not Answer.NOT_ALLOWED


@pytest.mark.parametrize("name", [name for name in NAMES if takes_a_post(name) and name not in READING])
def test_spa_55_what_takes_a_post_is_for_those_who_manage(name):
    assert _MANAGING[name] is Section.MESSAGES


def test_spa_55_all_of_them_are_for_those_who_read():
    assert _READING["mss:"] is Section.MESSAGES
