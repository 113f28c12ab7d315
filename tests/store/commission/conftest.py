from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from apps.accounts.models import StaffRole
from tests.harness.clock import NOON
from tests.store.commission import scenes


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def secretary(db):
    return scenes.person(StaffRole.SECRETARIAT)


@pytest.fixture
def desk(db):
    return scenes.person(StaffRole.DESK)


@pytest.fixture(autouse=True)
def _papers_leave_a_week_before(settings) -> None:
    """As in production: the settings of tests are those of the demonstration, which does not wait."""
    settings.STORE_PAPERS_DAYS = 7
