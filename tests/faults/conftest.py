from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import KILLS, Machine, environment_of_test
from tests.files import keyring

KILLED: dict[str, int] = {}


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of kills."""
    if not KILLED:
        return
    terminalreporter.section("kills by failpoint")
    for name, count in sorted(KILLED.items()):
        terminalreporter.write_line(f"{name:42} {count:4} of {KILLS}")
    terminalreporter.write_line(f"{'sum':42} {sum(KILLED.values()):4}")
