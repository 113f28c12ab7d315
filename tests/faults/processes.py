"""Real processes of the portal that die at a failpoint, on the database and the folder of the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from tests.architecture.sources import ROOT

KILLS = 5  # a failpoint
SECONDS = 60  # longest life of a process
WORKER = ("-m", "celery", "--quiet", "--broker", "", "-A", "ens_portal", "worker", "--pool", "solo", "--queues", "scan")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """`environment` of its processes; `counts`: kills by failpoint, for the table at the end."""

    environment: dict[str, str]
    counts: dict[str, int] = field(default_factory=dict)

    def dies(self, *arguments: str, at: str) -> bool:
        """Whether the process was killed there; False when it came to its end without reaching the point."""
        code, output = self._run(arguments, {"ENS_FAILPOINTS": at})
        assert code in {0, -signal.SIGKILL}, output
        if code:
            name = at.partition("@")[0]
            self.counts[name] = self.counts.get(name, 0) + 1
        return code != 0

    def runs(self, *arguments: str) -> str:
        """Output of a process that comes to its end."""
        code, output = self._run(arguments, {})
        assert code == 0, output
        return output

    def _run(self, arguments: tuple[str, ...], more: dict[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


def environment_of_test(folder: Path, **more: str) -> dict[str, str]:
    """The test's database, an own folder, no failpoint; the broker is the test's."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(address._replace(path="/" + connection.settings_dict["NAME"]))
    if database.startswith("postgresql:/") and not database.startswith("postgresql://"):
        database = database.replace("postgresql:/", "postgresql:///", 1)
    own = {
        "ENS_ENV": "demo",  # the test's settings keep files in memory
        "DJANGO_SETTINGS_MODULE": "ens_portal.settings",
        "DATABASE_URL": database,
        "DATABASE_OWNER_URL": database,
        "ENS_STATE_DIR": str(folder),
        "ENS_FILES_DIR": str(folder / "files"),
    }
    return {**os.environ, **own, **more}
