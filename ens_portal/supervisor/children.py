"""One child process of the demonstration, with a log of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ens_portal.engines.layout import PROJECT
from ens_portal.engines.process import die_with_parent, tail

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_SECONDS = 10.0
CHILD_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    # Root is common in containers and the broker takes JSON only; the advice of Celery has six lines, a log event one.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """What to run, and what it has on top of the common environment."""

    name: str
    command: tuple[str, ...]
    process_kind: str

    def start(self, *, environment: dict[str, str], logs: Path) -> Child:
        """Start it in a process group of its own; the log of the run before is kept as `<name>.log.1`."""
        log = logs / f"{self.name}.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - commands of plan.py, no shell
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=PROJECT,
                env=environment | CHILD_ENVIRONMENT | {"ENS_PROCESS": self.process_kind},
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then keeps the order
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one system call, takes no lock of Python
            )
        return Child(spec=self, process=process, log=log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A started child."""

    spec: ChildSpec
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def last_words(self) -> str:
        return tail(self.log)

    def stop(self) -> None:
        """Ask it to end, wait, then end whatever is left of its group."""
        if self.is_alive:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=PATIENCE_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
