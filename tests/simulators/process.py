"""The simulated FranceConnect as a real process on a free port of loopback, and a browser's way through its page."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
PORTAL = "http://localhost:8000"
REDIRECT_URI = f"{PORTAL}/connexion/franceconnect/retour/"
LOGOUT_URI = f"{PORTAL}/deconnexion/terminee/"
CLIENT_ID = "tests"
CLIENT_SECRET = "secret-of-the-tests-of-thirty-two-characters"
ANGELA = "1f0000000000000000000000000000000000000000000000000000000000000001v1"
ZOE = "1f0000000000000000000000000000000000000000000000000000000000000002v1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(port: int, **more: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("ENS_FC_")},
        "ENS_FC_PORT": str(port),
        "ENS_FC_ISSUER": f"http://127.0.0.1:{port}/api/v2",
        "ENS_FC_CLIENT_ID": CLIENT_ID,
        "ENS_FC_CLIENT_SECRET": CLIENT_SECRET,
        "ENS_FC_REDIRECT_URIS": REDIRECT_URI,
        "ENS_FC_LOGOUT_URIS": LOGOUT_URI,
        "ENS_FC_SLOW_SECONDS": "3",
        **more,
    }


def command() -> list[str]:
    return [sys.executable, "-m", "simulators.franceconnect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """A running provider."""

    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def start(cls, **more: str) -> Simulator:
        port = free_port()
        process = subprocess.Popen(
            command(), cwd=ROOT, env=environment(port, **more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        made = cls(process=process, port=port)
        made.wait()
        return made

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.origin}/api/v2"

    def wait(self) -> None:
        for _ in range(100):
            try:
                httpx.get(f"{self.origin}/", trust_env=False)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        msg = "the simulator did not start"
        raise RuntimeError(msg)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=10)

    def choose(self, address: str, **fields: str) -> httpx.URL:
        """Open the provider's page at `address`, send its form with `fields`; where it sends the browser back to."""
        with httpx.Client(trust_env=False) as browser:
            page = browser.get(address)
            found = re.search(r'name="start" value="([^"]+)"', page.text)
            if found is None:
                raise AssertionError(page.text)
            back = browser.post(address, data={"start": found[1], "sub": ANGELA, **fields})
        if back.status_code != httpx.codes.FOUND:
            raise AssertionError(back.text)
        return httpx.URL(back.headers["Location"])

    def rotate(self, *, forget_old: bool) -> None:
        httpx.post(f"{self.origin}/test/rotate", data={"forget_old": "1" if forget_old else ""}, trust_env=False)

    def calls(self, path: str) -> int:
        return int(httpx.get(f"{self.origin}/test/calls", trust_env=False).json().get(path, 0))
