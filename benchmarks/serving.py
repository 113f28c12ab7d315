"""The portal's own web server for a measure, as many processes as the demonstration has."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Address of the server; `folder` holds its static files and its log."""
    folder.mkdir(exist_ok=True)
    port = 18_000 + os.getpid() % 1_000
    environment = {**os.environ, "ENS_STATE_DIR": str(folder), "ENS_PROCESS": "web", "ENS_HTTP_PORT": str(port)}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=ROOT, env=environment, check=True,
    )  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
               "--workers", "2", "--blocking-threads", "4", "--no-ws", "ens_portal.wsgi:application"]  # fmt: skip
    with (folder / "web.log").open("wb") as output:
        web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)  # noqa: S603  our own server
    url = f"http://localhost:{port}"
    try:
        _wait(url)
        yield url
    finally:
        web.terminate()
        web.wait()


def _wait(url: str) -> None:
    for _time in range(300):
        try:
            if httpx.get(f"{url}/opposition/", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    msg = "the web server did not start"
    raise RuntimeError(msg)
