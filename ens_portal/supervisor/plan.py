"""Which processes make the demonstration, in the order of their start."""

from __future__ import annotations

import sys
from importlib import util
from typing import TYPE_CHECKING

from ens_portal.supervisor.children import ChildSpec

if TYPE_CHECKING:
    from pathlib import Path

    from ens_portal.supervisor.ports import Ports

LOG_LEVEL = ("--loglevel", "INFO")
WEB_WORKERS = 2
WEB_THREADS = 4
TASK_WORKERS = 2
SIMULATORS = ("franceconnect", "mailbox", "mssante_operator", "candidate_site")
QUEUES = "default,mail,scan"
# Celery's command line would take BROKER_URL, spelt for redis-py, for its own; the empty option leaves it to settings.
# Quiet: its banner is not one event a line.
CELERY = ("celery", "--quiet", "--broker", "", "-A", "ens_portal")
REVIEW_QUEUE = "review"  # long checks of third-party services must not delay the others


def front(ports: Ports) -> list[ChildSpec]:
    """What a page needs; the web last: it is the one that people reach."""
    return [*_simulators(), _python("web", "web", "granian", *_web_options(ports), "ens_portal.wsgi:application")]


def back(state: Path) -> list[ChildSpec]:
    """What carries on behind the pages."""
    return [
        _worker("worker", queues=QUEUES, processes=TASK_WORKERS),
        _worker("worker-review", queues=REVIEW_QUEUE, processes=1),
        ChildSpec(name="door", command=(sys.executable, "manage.py", "mss_gateway"), process_kind="worker"),
        _python("beat", "worker", *CELERY, "beat", "--schedule", str(state / "beat"), "--pidfile", "", *LOG_LEVEL),
    ]


def _simulators() -> list[ChildSpec]:
    return [_python(name, "command", f"simulators.{name}") for name in SIMULATORS if _exists(f"simulators.{name}")]


def _exists(module: str) -> bool:
    try:
        return util.find_spec(f"{module}.__main__") is not None
    except ModuleNotFoundError:
        return False


def _worker(name: str, *, queues: str, processes: int) -> ChildSpec:
    options = ("--queues", queues, "--concurrency", str(processes), "--pool", "prefork", "--hostname", f"{name}@%h")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", *LOG_LEVEL)
    return _python(name, "worker", *CELERY, "worker", *options, *quiet)


def _web_options(ports: Ports) -> tuple[str, ...]:
    address = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(ports.web))
    return (*address, "--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--no-ws")


def _python(name: str, process_kind: str, module: str, *arguments: str) -> ChildSpec:
    return ChildSpec(name=name, command=(sys.executable, "-m", module, *arguments), process_kind=process_kind)
