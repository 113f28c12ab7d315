from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from tests.accounts.browser import Browser
from tests.simulators.process import CLIENT_ID, CLIENT_SECRET, PORTAL, Simulator


@pytest.fixture(scope="session")
def provider_process() -> Iterator[Simulator]:
    running = Simulator.start()
    yield running
    running.stop()


@pytest.fixture
def simulator(provider_process, settings) -> Simulator:
    """The simulated FranceConnect, known to the portal's settings, with nothing cached of earlier tests."""
    settings.PORTAL_URL = PORTAL
    settings.HOLDER_MIN_LEVEL = "eidas1"
    settings.FRANCECONNECT = {
        "issuer": provider_process.issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "acr_values": "eidas1",
        "timeout_seconds": 1.0,
    }
    cache.clear()
    return provider_process


@pytest.fixture
def visitor(client, simulator, db) -> Browser:
    return Browser(client=client, simulator=simulator)
