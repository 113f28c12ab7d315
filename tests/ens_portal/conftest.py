from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from ens_portal.engines.layout import PROJECT, Layout, layout_of
from ens_portal.engines.session import engines
from ens_portal.supervisor.reset import reset


@contextmanager
def temporary_state(name: str = "") -> Iterator[Path]:
    base = Path(tempfile.mkdtemp(prefix="ens-", dir="/tmp"))
    base.chmod(0o711)
    yield base / name
    reset(layout_of(base / name))
    shutil.rmtree(base)


@pytest.fixture
def state() -> Iterator[Path]:
    """A state directory of its own, away from the checkout's."""
    with temporary_state() as path:
        yield path


@pytest.fixture(scope="package")
def running() -> Iterator[Layout]:
    """Engines for tests that only look at them; their place has a name too long for sockets."""
    with temporary_state("a-checkout-in-a-deep-directory-" * 4) as path, engines(path) as layout:
        yield layout


@pytest.fixture
def user_process(state: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts another process that holds the engines of `state` until it is told to end."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        code = (
            "import sys; from pathlib import Path; from ens_portal.engines.session import engines\n"
            "with engines(Path(sys.argv[1])): print('up', flush=True); sys.stdin.read()"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(state)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at a terminal: the addresses that the test run exports are gone."""
    further = ("ENS_MSS_OPERATOR_PORT", "ENS_MSS_OPERATOR_SMTP_PORT", "ENS_CANDIDATE_PORT", "ENS_CANDIDATE_HTTP_PORT")
    ports = ("ENS_HTTP_PORT", "ENS_FC_PORT", "ENS_MAILBOX_PORT", "ENS_MAIL_PORT", *further)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "CACHE_URL", *ports):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENS_ENV", "demo")
    monkeypatch.setitem(os.environ, "DJANGO_SETTINGS_MODULE", "ens_portal.settings")


def connect(layout: Layout, user: str = "ens_owner") -> psycopg.Connection[tuple[str]]:
    return psycopg.connect(host=str(layout.run), user=user, dbname="ens", autocommit=True)


def postmaster(layout: Layout) -> int:
    return int((layout.postgres_data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
