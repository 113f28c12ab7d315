"""2,000 mutated mails, each with the seed that makes it again: shown and answered without a fault."""

from __future__ import annotations

import pytest
import time_machine

from tests.harness.clock import NOON
from tests.mss.fuzzing import prove

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
MAILS = 20


@pytest.mark.parametrize("seed", range(100))
def test_sec_07_two_thousand_mutated_mails_are_shown_and_answered(seed):
    with time_machine.travel(NOON, tick=False):
        prove(seed, mails=MAILS)
