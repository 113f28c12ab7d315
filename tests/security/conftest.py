from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.harness.clock import NOON


@pytest.fixture
def noon() -> Iterator[None]:
    """Views read the clock: it stands at NOON."""
    with time_machine.travel(NOON, tick=False):
        yield
