"""What happens once, between the engines and the processes: tables, static files, demonstration data."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ens_portal.engines.layout import PROJECT
from ens_portal.engines.process import die_with_parent, tail
from ens_portal.supervisor.errors import DemonstrationError

if TYPE_CHECKING:
    from pathlib import Path

STATIC_SOURCES = ("static", "requirements.txt", "ens_portal/settings/parts/frontend.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Management commands in processes of their own: they get the addresses by environment, as the children do."""

    environment: dict[str, str]
    state: Path
    logs: Path

    def migrate(self) -> None:
        self._run("migrate", "--no-input", "--verbosity", "0")

    def collect_static(self) -> bool:
        """Collect and compress static files, unless those collected last time still fit; says whether it did."""
        mark = self.state / "static.mark"
        wanted = fingerprint(PROJECT)
        if mark.exists() and mark.read_text(encoding="ascii") == wanted:
            return False
        mark.unlink(missing_ok=True)
        self._run("collectstatic", "--no-input", "--verbosity", "0")
        mark.write_text(wanted, encoding="ascii")
        return True

    def show(self, command: str) -> None:
        """Run a command that speaks to the person at the terminal. Raises `DemonstrationError` when it fails."""
        if self._finish(self._start(command, output=None)) != 0:
            msg = f"`manage.py {command}` failed."
            raise DemonstrationError(msg)

    def _run(self, command: str, *arguments: str) -> None:
        log = self.logs / f"{command}.log"
        with log.open("wb") as output:
            code = self._finish(self._start(command, *arguments, output=output.fileno()))
        if code != 0:
            msg = f"`manage.py {command}` failed:\n{tail(log)}"
            raise DemonstrationError(msg)

    def _finish(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for the end; when the demonstration is stopped meanwhile, the step ends before the engines do."""
        try:
            return process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()

    def _start(self, command: str, *arguments: str, output: int | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own commands, no shell
            [sys.executable, "manage.py", command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            env=self.environment,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one system call, takes no lock of Python
        )


def fingerprint(project: Path) -> str:
    """Names, sizes and times of everything that static files are made of."""
    seen = hashlib.sha256(str(project).encode())
    for source in STATIC_SOURCES:
        path = project / source
        for item in sorted([path, *path.rglob("*")]):
            if item.is_file():
                status = item.stat()
                seen.update(f"{item} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
