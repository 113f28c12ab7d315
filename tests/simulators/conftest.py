from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulators.process import Simulator


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    running = Simulator.start()
    yield running
    running.stop()
