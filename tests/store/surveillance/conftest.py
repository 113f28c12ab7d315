from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from apps.accounts.models import StaffRole
from tests.harness.clock import NOON
from tests.store import factories


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def desk():
    return factories.at_work(factories.reviewer(StaffRole.DESK))


@pytest.fixture
def assessor():
    return factories.at_work(factories.reviewer(StaffRole.ASSESSOR))


@pytest.fixture
def claire():
    """A delegate of the minister."""
    return factories.at_work(factories.reviewer(StaffRole.DELEGATE))


@pytest.fixture
def denis():
    """Another delegate."""
    return factories.at_work(factories.reviewer(StaffRole.DELEGATE))
