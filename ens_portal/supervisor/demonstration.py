"""The whole run: from the ports to the last stop."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ens_portal.engines import locks, session
from ens_portal.engines.layout import layout_of
from ens_portal.engines.urls import urls_of
from ens_portal.supervisor import plan, watch
from ens_portal.supervisor.errors import DemonstrationError
from ens_portal.supervisor.ports import ports_of, refuse_taken
from ens_portal.supervisor.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from rich.console import Console

    from ens_portal.engines.layout import Layout
    from ens_portal.supervisor.children import Child, ChildSpec
    from ens_portal.supervisor.ports import Ports

LOAD = "demo_load"
PEOPLE = "demo_people"
# The simulators' lists, written by the load: ages are counted from that day.
LISTS = {"ENS_FC_PEOPLE": "franceconnect-people.json", "ENS_MSS_PATIENTS": "mssante-patients.json"}
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequestedError(Exception):
    """Ctrl-C, or a signal that asks the demonstration to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """`commands` are the management commands that exist: data and people come from an app that may not be installed."""

    state: Path
    console: Console
    commands: frozenset[str]

    def run(self) -> None:
        """Start everything, stay, stop everything in reverse order.

        Returns after Ctrl-C or SIGTERM. Raises `DemonstrationError` or `EngineError` for what prevents or ends it.
        """
        ports = ports_of(os.environ)
        for number in ENDING:
            signal.signal(number, _request_stop)
        with ExitStack() as held:
            try:
                self._run(ports, held)
            except StopRequestedError:
                self.console.print("Stopping…")

    def _run(self, ports: Ports, held: ExitStack) -> None:
        layout = layout_of(self.state)
        layout.prepare()
        held.enter_context(_only_one(layout, ports))
        refuse_taken(ports)
        urls = urls_of(layout)
        # Settings have put the checkout's own addresses there; any other one is a server of somebody else.
        own = os.environ.get("DATABASE_URL", urls.database) == urls.database
        people = {name: str(self.state / file) for name, file in LISTS.items() if LOAD in self.commands}
        environment = people | dict(os.environ) | ports.environment()
        if own:
            with self._step("PostgreSQL and Valkey"):
                held.enter_context(session.engines(self.state))
            environment |= urls.environment()

        steps = Steps(environment=environment, state=self.state, logs=layout.logs, own=own)
        self._prepare(steps)
        children: list[Child] = []

        def start(specs: list[ChildSpec]) -> None:
            for spec in specs:
                child = spec.start(environment=environment, logs=layout.logs)
                held.callback(child.stop)
                children.append(child)

        with self._step("Simulators, web"):
            start(plan.front(ports))
            watch.wait_ready(ports, children)
        with self._step("Workers, beat"):  # after the first page, which needs the processor for itself
            start(plan.back(self.state))
        self._greet(ports, steps)
        watch.watch(children, layout if own else None)

    def _prepare(self, steps: Steps) -> None:
        with self._step("Tables"):
            steps.migrate()
        with self._step("Static files"):
            steps.collect_static()
        with self._step("Certificates"):
            steps.certificates()
        if LOAD in self.commands:
            with self._step("Demonstration data"):
                steps.show_once(LOAD)

    def _greet(self, ports: Ports, steps: Steps) -> None:
        self.console.print(f"\nThe portal is ready: [bold]{ports.address}[/bold]", highlight=False)
        self.console.print(f"Its mails arrive here: [bold]{ports.mailbox_address}[/bold]", highlight=False)
        self.console.print(f"Professionals write from here: [bold]{ports.operator_address}[/bold]", highlight=False)
        self.console.print(f"Candidates of the store show: [bold]{ports.candidate_address}[/bold]", highlight=False)
        if PEOPLE in self.commands:
            steps.show(PEOPLE)
        self.console.print(f"Logs: {steps.logs}   Stop: Ctrl-C", highlight=False)

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        # No spinner: its thread would live beside the forks of the children.
        self.console.print(f"{what} …", highlight=False)
        start = time.monotonic()
        yield
        self.console.print(f"[green]✓[/green] {what} ({time.monotonic() - start:.1f} s)", highlight=False)


@contextmanager
def _only_one(layout: Layout, ports: Ports) -> Iterator[None]:
    """One demonstration for a state directory. Raises `DemonstrationError` with the address of the other one."""
    path = layout.state / "demo.lock"
    with locks.opened(path) as lock:
        if not locks.try_exclusive(lock):
            address = path.read_text(encoding="ascii").strip()
            msg = f"The demonstration of this checkout already runs: open {address}, or stop it there with Ctrl-C."
            raise DemonstrationError(msg)
        os.truncate(lock, 0)
        os.write(lock, ports.address.encode("ascii"))
        yield


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    for number in ENDING:  # a second Ctrl-C does not cut the stop short
        signal.signal(number, signal.SIG_IGN)
    raise StopRequestedError
