"""A publisher with two members at NOON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from apps.store.models import Member
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import confirmed, mandated


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def pia(db) -> Member:
    """Administrator and signatory with a whole mandate, of a publisher whose address is confirmed."""
    return confirmed(mandated(factories.member(name="Pia Lormont")))


@pytest.fixture
def marc(pia) -> Member:
    """Technical contact of the same organisation."""
    return factories.member(publisher=pia.publisher, name="Marc Delmas", roles=["technical"])


@pytest.fixture
def desk(pia) -> PortalClient:
    """Pia's browser."""
    return client_of(pia.user)


@pytest.fixture
def other_desk(marc) -> PortalClient:
    """Marc's browser."""
    return client_of(marc.user)
