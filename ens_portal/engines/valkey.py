"""Start of the embedded Valkey: unix socket only, every write in the append-only file."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from ens_portal.engines import binaries, process
from ens_portal.engines.process import Launch, Running

if TYPE_CHECKING:
    from pathlib import Path

    from ens_portal.engines.layout import Layout

START_SECONDS = 60.0
DATABASES = 128  # two for each worker of the tests


def start(*, layout: Layout, throwaway: bool = False, lock: int | None = None) -> Running:
    """Start the server; returns when it answers. The caller makes sure that no other one uses the directory."""
    program = binaries.valkey_program(account=layout.account, home=layout.home)
    layout.account.folder(layout.valkey_data)
    layout.valkey_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(layout.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(layout.valkey_data),
        "databases": str(DATABASES),
        "appendonly": "no" if throwaway else "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "set-proc-title": "no",
    }
    command = [str(program)]
    for name, value in options.items():
        command += [f"--{name}", value]
    server = process.start(
        Launch(
            name="Valkey",
            command=command,
            account=layout.account,
            log=layout.logs / "valkey.log",
            end=signal.SIGTERM,
            lock=lock,
        )
    )
    server.wait_ready(lambda: answers(layout.valkey_socket), seconds=START_SECONDS)
    return server


def answers(path: Path) -> bool:
    """Whether a server takes commands at the socket; one that still loads its file does not."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False
