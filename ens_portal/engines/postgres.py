"""Start and stop of the embedded PostgreSQL: unix socket only, trusted because the directory is closed (0700)."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ens_portal.engines import binaries, process
from ens_portal.engines.process import EngineError, Launch, Running

if TYPE_CHECKING:
    from pathlib import Path

    from ens_portal.engines.layout import Layout

SUPERUSER = "postgres"
START_SECONDS = 180.0  # crash recovery of a large database takes its time
READY_LINE = 7  # eighth line of postmaster.pid: state of the server
INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--no-sync",
    f"--username={SUPERUSER}",
)
# The log names no person: no statements, no values, no details of violated constraints.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "log_line_prefix": "%m ",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresStart:
    """`throwaway`: no care for the data after a crash of the machine. `lock`: see `process.Launch`."""

    layout: Layout
    throwaway: bool = False
    lock: int | None = None


def start(how: PostgresStart) -> Running:
    """Start the server, making its data directory at the first time; returns when it takes connections.

    The caller makes sure that no other server uses the directory: what a killed one left there is removed.
    """
    layout = how.layout
    programs = binaries.postgres_programs(account=layout.account, home=layout.home)
    _ensure_data(layout, programs)
    pid_file = layout.postgres_data / "postmaster.pid"
    for stale in (pid_file, layout.postgres_socket, layout.run / f"{layout.postgres_socket.name}.lock"):
        stale.unlink(missing_ok=True)

    options = OPTIONS | {"unix_socket_directories": str(layout.run)} | (FOR_TESTS if how.throwaway else {})
    command = [str(programs / "postgres"), "-D", str(layout.postgres_data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    server = process.start(
        Launch(
            name="PostgreSQL",
            command=command,
            account=layout.account,
            log=layout.logs / "postgres.log",
            end=signal.SIGINT,  # "fast": sessions are ended, nothing is lost
            lock=how.lock,
        )
    )
    server.wait_ready(lambda: _is_ready(pid_file), seconds=START_SECONDS)
    return server


def _is_ready(pid_file: Path) -> bool:
    try:
        lines = pid_file.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"


def _ensure_data(layout: Layout, programs: Path) -> None:
    data = layout.postgres_data
    if data.exists():
        _check_version(data, programs)
        return
    # initdb killed half-way must not leave a directory that looks finished.
    partial = data.with_name("postgres.partial")
    shutil.rmtree(partial, ignore_errors=True)
    layout.account.folder(partial)
    process.run([str(programs / "initdb"), *INITDB, "-D", str(partial)], account=layout.account, name="initdb")
    partial.rename(data)


def _check_version(data: Path, programs: Path) -> None:
    version_file = data / "PG_VERSION"
    found = version_file.read_text(encoding="ascii").strip() if version_file.exists() else "nothing"
    wanted = _catalogue_version(programs)
    if found != wanted:
        msg = (
            f"{data} holds PostgreSQL {found}, the programs are {wanted}: "
            "dump the data with the old version, or throw them away with `make demo-reset`."
        )
        raise EngineError(msg)


def _catalogue_version(programs: Path) -> str:
    with (programs.parent / "share" / "postgres.bki").open(encoding="utf-8") as catalogue:
        return catalogue.readline().split()[-1]
