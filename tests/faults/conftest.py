from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.processes import KILLS, Machine, environment_of_test
from tests.files import keyring
from tests.rollout.racing import Race, violations

KILLED: dict[str, int] = {}
RACES: list[str] = []


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


@pytest.fixture
def record_race() -> Callable[[str, Race], None]:
    """A line of the summary: who won, and the violations of REL-09."""

    def record(name: str, race: Race) -> None:
        won = f"opposition {len(race.receipts):5}, opening {len(race.too_late):5}"
        RACES.append(f"{name:42} {won}, violations {violations(race)}")

    return record


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tables of races and kills."""
    if RACES:
        terminalreporter.section("races of opposition and opening")
        for line in RACES:
            terminalreporter.write_line(line)
    if not KILLED:
        return
    terminalreporter.section("kills by failpoint")
    for name, count in sorted(KILLED.items()):
        terminalreporter.write_line(f"{name:42} {count:4} of {KILLS}")
    terminalreporter.write_line(f"{'sum':42} {sum(KILLED.values()):4}")
