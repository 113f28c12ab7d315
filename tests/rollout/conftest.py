"""Fixtures that tests of the roll-out share; a module may say its own under the same name."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import translation

from apps.accounts.models import InsIdentity, StaffRole, User
from apps.rollout.models import EligiblePerson, ImportRun
from tests import factories as portal
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.letters import marguerites_letter


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Pages are asked for at NOON, until the test moves the clock."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def french() -> Iterator[None]:
    with translation.override("fr"):
        yield


@pytest.fixture
def no_tries() -> None:
    """Nobody has typed a wrong code yet."""
    cache.clear()


@pytest.fixture
def nadia() -> User:
    """An operator."""
    return portal.staff(StaffRole.OPERATOR, email="nadia@example.fr")


@pytest.fixture
def viktor() -> User:
    """An approver."""
    return portal.staff(StaffRole.APPROVER, email="viktor@example.fr")


@pytest.fixture
def desk(nadia: User) -> PortalClient:
    """The browser of the operator."""
    return client_of(nadia)


@pytest.fixture
def approver(viktor: User) -> PortalClient:
    """The browser of the approver."""
    return client_of(viktor)


@pytest.fixture
def run() -> ImportRun:
    return factories.run()


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Path:
    """The folder of the imports."""
    settings.IMPORT_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def marguerite() -> EligiblePerson:
    """She has her letter, its code as an attribute."""
    return marguerites_letter()


@pytest.fixture
def alice() -> tuple[EligiblePerson, str]:
    """She has her letter; with its code."""
    person = factories.person()
    _notice, code = factories.noticed(person)
    return person, code


@pytest.fixture
def rosa_and_lea() -> tuple[InsIdentity, EligiblePerson, str]:
    """A mother who has the letter about her child; with its code."""
    rosa = portal.identity(first_given_name="ROSA", birth_given_names="ROSA")
    lea = factories.person(
        identity=portal.child_identity(), situation=EligiblePerson.Situation.MINOR,
        rl1_number=rosa.ins_number, rl1_capacity="MERE",
    )  # fmt: skip
    _notice, code = factories.noticed(lea, reader=rosa)
    return rosa, lea, code


class FailingDisk(io.BytesIO):
    """A file of which nothing can be read any more."""

    def read(self, _size: int | None = -1, /) -> bytes:
        raise OSError(errno.EIO, "Input/output error")


@pytest.fixture
def broken_disk(monkeypatch):
    """Within it, files that are opened cannot be read."""

    @contextmanager
    def broken():
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdopen", lambda descriptor, _mode: os.close(descriptor) or FailingDisk())
            yield

    return broken
