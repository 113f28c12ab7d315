"""The demonstration as people start it, in a state directory and on ports of its own, and a browser in front of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.letters import Letter, letters_of

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = "/usr/bin/chromium"
START_SECONDS = 300
NEIGHBOURS = 9
# What the settings of this test run have put into the environment; the demonstration chooses its own.
OURS = ("DATABASE_", "BROKER_", "CACHE_", "ENS_", "FRANCECONNECT_", "DJANGO_SETTINGS_", "SECRET_KEY")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, quiet: nothing but the loopback answers here."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
    return {"executable_path": CHROMIUM, "args": quiet}


@pytest.fixture(scope="session")
def demo_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment of the demonstration and of commands on its rows: a state directory and ports of its own."""
    state = tmp_path_factory.mktemp("demo")
    state.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    port = free_port()
    ports = {"ENS_HTTP_PORT": str(port), "ENS_SMTP_PORT": str(port + 6)}
    return environment | {"ENS_ENV": "demo", "ENS_STATE_DIR": str(state)} | ports


@pytest.fixture(scope="session")
def portal(demo_environment: dict[str, str]) -> Iterator[str]:
    """Address of a running demonstration; everything is stopped at the end."""
    environment = demo_environment
    state, port = Path(environment["ENS_STATE_DIR"]), environment["ENS_HTTP_PORT"]
    with (state / "demo.out").open("wb") as output:
        command = [sys.executable, "manage.py", "demo"]
        demo = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        wait_ready(f"http://localhost:{port}/-/pret", demo, state / "demo.out")
        yield f"http://localhost:{port}"
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=60)


@pytest.fixture
def letters(portal: str, demo_environment: dict[str, str]) -> list[Letter]:
    """Letters whose code has not been used yet."""
    del portal
    return letters_of(demo_environment)


@pytest.fixture(params=["script", "no-script"])
def visitor(browser: Browser, portal: str, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A French browser, with and without JavaScript, that keeps what the console says about the CSP."""
    context = browser.new_context(
        base_url=portal, locale="fr-FR", viewport=WIDE, java_script_enabled=request.param == "script"
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


def free_port() -> int:
    """The first of nine neighbouring free ports: the simulators and the door for mail take the next ones."""
    for _ in range(50):
        with ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                for distance in range(1, NEIGHBOURS):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port + distance))
            except (OSError, OverflowError):
                continue
            return port
    pytest.fail("no neighbouring free ports")


def wait_ready(url: str, demo: subprocess.Popen[bytes], output: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if demo.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"the demonstration did not start:\n{output.read_text(errors='replace')[-3000:]}")
