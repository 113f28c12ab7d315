"""`make rehearse` or `python -m benchmarks.rehearse --population N …`: `rollout_rehearse` on engines of its own.

Arguments are those of the command. Time and memory are on standard error, figures on standard output.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ens_portal.engines.layout import Layout
from ens_portal.engines.session import engines
from ens_portal.engines.urls import urls_of

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Start the engines in a folder that is thrown away, migrate, rehearse; returns the exit code of the command."""
    with tempfile.TemporaryDirectory(prefix="ens-rehearse-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)  # the engines may run under another account
        with engines(Path(folder) / "state") as layout:
            values = _environment(layout, Path(folder))
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, env=values, check=True)  # noqa: S603  constants
            start = time.monotonic()
            command = [sys.executable, "manage.py", "rollout_rehearse", *sys.argv[1:]]
            done = subprocess.run(command, cwd=ROOT, env=values, check=False)  # noqa: S603  our own arguments
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            sys.stderr.write(f"{time.monotonic() - start:.0f} seconds, largest memory {memory} MB\n")
    return done.returncode


def _environment(layout: Layout, folder: Path) -> dict[str, str]:
    """The demonstration's settings, with files and state in the folder."""
    own = {"ENS_ENV": "demo", "DJANGO_SETTINGS_MODULE": "ens_portal.settings", "ENS_STATE_DIR": str(folder)}
    (folder / "files").mkdir()
    return {**os.environ, **urls_of(layout).environment(), **own, "ENS_FILES_DIR": str(folder / "files")}


if __name__ == "__main__":
    sys.exit(main())
