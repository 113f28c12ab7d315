from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.engines import OwnEngines, own_engines, used_by_test
from tests.faults.processes import KILLS, Machine, environment_of_test
from tests.files import keyring
from tests.rollout.racing import Race, violations

KILLED: dict[str, int] = {}
RESTARTED: dict[str, int] = {}
RACES: list[str] = []
MEASURED: list[str] = []


@pytest.fixture
def machine(transactional_db: None, tmp_path: Path, settings) -> Machine:
    """Processes share database and folder with the test; both master keys are known to all of them."""
    keyring.switch(settings)
    (tmp_path / "files").mkdir()
    place = {
        "BACKEND": "apps.files.gateways.store_folder.FolderStorage",
        "OPTIONS": {"location": str(tmp_path / "files")},
    }
    settings.STORAGES = {**settings.STORAGES, "default": place}
    keys = {
        "ENS_FILES_MASTER_KEY": keyring.NEW,
        "ENS_FILES_MASTER_KEY_VERSION": "2",
        "ENS_FILES_SECOND_MASTER_KEY": keyring.OLD,
        "ENS_FILES_SECOND_MASTER_KEY_VERSION": "1",
    }
    return Machine(environment=environment_of_test(tmp_path, **keys), counts=KILLED)


@pytest.fixture(scope="session")
def engines_of_run(django_db_setup: None) -> Iterator[OwnEngines]:
    """Engines that tests may crash, made once: migrations take their time."""
    with own_engines() as engines:
        yield engines


@pytest.fixture
def own(engines_of_run: OwnEngines, transactional_db: None, tmp_path: Path) -> Iterator[OwnEngines]:
    """The connection of the test and its processes use an empty database of these engines."""
    (tmp_path / "files").mkdir()
    with used_by_test(engines_of_run, environment_of_test(tmp_path)) as engines:
        engines.restarts = RESTARTED
        yield engines


@pytest.fixture
def measured() -> Callable[[str], None]:
    """A line of the summary."""
    return MEASURED.append


@pytest.fixture
def record_race() -> Callable[[str, Race], None]:
    """A line of the summary: who won, and the violations of REL-09."""

    def record(name: str, race: Race) -> None:
        won = f"opposition {len(race.receipts):5}, opening {len(race.too_late):5}"
        RACES.append(f"{name:42} {won}, violations {violations(race)}")

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tables of races, kills, restarts and measures."""
    _section(terminalreporter, "races of opposition and opening", RACES)
    _section(terminalreporter, "kills by failpoint", _counted(KILLED))
    _section(terminalreporter, "restarts of the database", _counted(RESTARTED))
    _section(terminalreporter, "stops and lost queues", MEASURED)


def _section(terminalreporter: pytest.TerminalReporter, title: str, lines: list[str]) -> None:
    if lines:
        terminalreporter.section(title)
    for line in lines:
        terminalreporter.write_line(line)


def _counted(counts: dict[str, int]) -> list[str]:
    lines = [f"{name:42} {count:4} of {KILLS}" for name, count in sorted(counts.items())]
    return [*lines, f"{'sum':42} {sum(counts.values()):4}"] if lines else []
