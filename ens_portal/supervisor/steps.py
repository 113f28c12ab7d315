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

STATIC_SOURCES = ("static/**/*", "requirements.txt", "ens_portal/settings/parts/frontend.py", "apps/ui/staticfiles.py")
CERTIFICATES = "simulators.certificates"
TABLE_SOURCES = ("apps/*/migrations/*.py", "requirements.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Management commands in processes of their own: they get the addresses by environment, as the children do.

    A command costs seconds to start, so what was done in this state directory is marked and not done again while its
    sources stay the same. `own`: the engines belong to this state directory; with a database of somebody else no mark
    is believed.
    """

    environment: dict[str, str]
    state: Path
    logs: Path
    own: bool

    def migrate(self) -> None:
        """Make or change the tables; `/-/pret` would say when a migration were missing all the same."""
        if self._is_due("tables", wanted := fingerprint(PROJECT, TABLE_SOURCES)):
            self._run("migrate", "--no-input", "--verbosity", "0")
            self._mark("tables", wanted)

    def certificates(self) -> None:
        """Of the portal and of the simulated operator, for mail between them; a production has its own."""
        self._log("certificates", "-m", CERTIFICATES, str(self.state / "certificates"))

    def show_once(self, command: str) -> None:
        """`show`, but for the first time only."""
        if self._is_due(command, "done"):
            self.show(command)
            self._mark(command, "done")

    def collect_static(self) -> bool:
        """Collect and compress static files, unless those collected last time still fit; says whether it did."""
        mark, wanted = self._mark_of("static"), fingerprint(PROJECT, STATIC_SOURCES)
        if mark.exists() and mark.read_text(encoding="ascii") == wanted:
            return False
        mark.unlink(missing_ok=True)
        self._run("collectstatic", "--no-input", "--verbosity", "0")
        self._mark("static", wanted)
        return True

    def show(self, command: str) -> None:
        """Run a command that speaks to the person at the terminal. Raises `DemonstrationError` when it fails."""
        if self._finish(self._start("manage.py", command, output=None)) != 0:
            msg = f"`manage.py {command}` failed."
            raise DemonstrationError(msg)

    def _is_due(self, name: str, wanted: str) -> bool:
        mark = self._mark_of(name)
        return not (self.own and mark.exists() and mark.read_text(encoding="ascii") == wanted)

    def _mark(self, name: str, wanted: str) -> None:
        self._mark_of(name).write_text(wanted, encoding="ascii")

    def _mark_of(self, name: str) -> Path:
        return self.state / f"{name}.mark"

    def _run(self, command: str, *arguments: str) -> None:
        self._log(command, "manage.py", command, *arguments)

    def _log(self, name: str, *arguments: str) -> None:
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            code = self._finish(self._start(*arguments, output=output.fileno()))
        if code != 0:
            msg = f"`{' '.join(arguments)}` failed:\n{tail(log)}"
            raise DemonstrationError(msg)

    def _finish(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for the end; when the demonstration is stopped meanwhile, the step ends before the engines do."""
        try:
            return process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()

    def _start(self, *arguments: str, output: int | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own commands, no shell
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            env=self.environment,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one system call, takes no lock of Python
        )


def fingerprint(project: Path, sources: tuple[str, ...]) -> str:
    """Names, sizes and times of the files of these patterns."""
    seen = hashlib.sha256(str(project).encode())
    for source in sources:
        for item in sorted(project.glob(source)):
            if item.is_file():
                status = item.stat()
                seen.update(f"{item} {status.st_size} {status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
