"""One engine process in the foreground: started under its account, ended with its starter, never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ens_portal.engines.account import Account

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.01
LOG_TAIL_LINES = 20


class EngineError(Exception):
    """An engine cannot be found, started or reached; the text is one or more lines for the person at the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What to run: `end` is the signal that stops it in good order, `lock` a descriptor that it keeps open."""

    name: str
    command: list[str]
    account: Account
    log: Path
    end: signal.Signals
    lock: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A started engine."""

    launch: Launch
    process: subprocess.Popen[bytes]

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def wait_ready(self, is_ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait until `is_ready()`. Raises `EngineError` with the end of the log when it exits or takes too long."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_alive:
                msg = f"{self.launch.name} stopped while starting:\n{tail(self.launch.log)}"
                raise EngineError(msg)
            if time.monotonic() > deadline:
                self.stop()
                msg = f"{self.launch.name} was not ready after {seconds:.0f} s:\n{tail(self.launch.log)}"
                raise EngineError(msg)
            time.sleep(POLL_SECONDS)

    def stop(self, *, seconds: float = 30) -> None:
        """Stop in good order; after `seconds` by force."""
        for number, patience in ((self.launch.end, seconds), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if not self.is_alive:
                return
            self.process.send_signal(number)
            try:
                self.process.wait(timeout=patience)
            except subprocess.TimeoutExpired:
                continue


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A function for the new child: the kernel sends it `number` when the starter is gone, however it went.

    To be called after a change of user, which clears the setting: `subprocess` calls `preexec_fn` last.
    """
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def set_death_signal() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # the starter died before the setting took effect
            os._exit(1)

    return set_death_signal


def start(launch: Launch) -> Running:
    """Start the process; its output is appended to the log."""
    account = launch.account
    with launch.log.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - programs of our own wheels, no shell
            launch.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=plain_environment(),
            user=account.uid if account.dropped else None,
            group=account.gid if account.dropped else None,
            extra_groups=[] if account.dropped else None,
            start_new_session=True,  # Ctrl-C in a terminal is for the supervisor, which stops the engines last
            pass_fds=() if launch.lock is None else (launch.lock,),
            preexec_fn=die_with_parent(launch.end),  # noqa: PLW1509 - one system call, takes no lock of Python
        )
    return Running(launch=launch, process=process)


def run(command: list[str], *, account: Account, name: str) -> None:
    """Run a command of an engine to its end under the account. Raises `EngineError` with its output when it fails."""
    done = subprocess.run(  # noqa: S603 - programs of our own wheels, no shell
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        env=plain_environment(),
        user=account.uid if account.dropped else None,
        group=account.gid if account.dropped else None,
        extra_groups=[] if account.dropped else None,
        check=False,
    )
    if done.returncode:
        msg = f"{name} failed:\n{done.stdout}{done.stderr}".rstrip()
        raise EngineError(msg)


def plain_environment() -> dict[str, str]:
    """No PG* variable of the caller may steer the engine, and messages come in English."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def tail(log: Path, lines: int = LOG_TAIL_LINES) -> str:
    """The last lines of a log, or a sentence when there is none."""
    if not log.exists():
        return f"(no log at {log})"
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
