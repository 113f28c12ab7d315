"""A few mutated mails all the way to the page and back; `make faults` has two thousand."""

from __future__ import annotations

import pytest
import time_machine

from tests.harness.clock import NOON
from tests.mss.fuzzing import prove

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(1000, 1004))
def test_sec_07_mutated_mails_are_shown_and_answered(seed):
    with time_machine.travel(NOON, tick=False):
        prove(seed, mails=8)
