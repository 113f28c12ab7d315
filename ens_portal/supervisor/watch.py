"""Readiness and life of the started processes."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING

from ens_portal.engines import session
from ens_portal.engines.process import tail
from ens_portal.supervisor.errors import DemonstrationError

if TYPE_CHECKING:
    from ens_portal.engines.layout import Layout
    from ens_portal.supervisor.children import Child
    from ens_portal.supervisor.ports import Ports

READY_PATH = "/-/pret"
READY_SECONDS = 120.0
POLL_SECONDS = 0.2


def wait_ready(ports: Ports, children: list[Child]) -> None:
    """Return when the portal says that it is ready. Raises `DemonstrationError` when a child ends or time is up."""
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready(ports):
        refuse_dead(children)
        if time.monotonic() > deadline:
            web = children[-1]
            msg = f"The portal was not ready after {READY_SECONDS:.0f} s. Last lines of {web.log}:\n{web.last_words()}"
            raise DemonstrationError(msg)
        time.sleep(POLL_SECONDS)


def watch(children: list[Child], layout: Layout | None) -> None:
    """Stay as long as everything lives; the only way out is an exception. `layout` is None for foreign engines."""
    while True:
        refuse_dead(children)
        if layout is not None and not session.are_running(layout):
            logs = "\n".join(tail(layout.logs / name) for name in ("engines.log", "postgres.log"))
            msg = f"The engines ended. Last lines of their logs:\n{logs}"
            raise DemonstrationError(msg)
        time.sleep(POLL_SECONDS)


def refuse_dead(children: list[Child]) -> None:
    """Raise `DemonstrationError` with the last lines of the first child that ended."""
    for child in children:
        if not child.is_alive:
            code = child.process.returncode
            msg = f"{child.spec.name} ended with code {code}. Last lines of {child.log}:\n{child.last_words()}"
            raise DemonstrationError(msg)


def is_ready(ports: Ports) -> bool:
    """Whether the readiness page answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", ports.web, timeout=5)
    try:
        connection.request("GET", READY_PATH, headers={"Host": f"localhost:{ports.web}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
