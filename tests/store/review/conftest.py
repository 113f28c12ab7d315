"""Pages of the back office at NOON, and the words of a page with plain spaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.harness.clock import NOON


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Pages are asked for at NOON, until the test moves the clock."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
