"""Hands messages in as fast as a server takes them: by `smtp-source` of Postfix where it is there, else from here."""

from __future__ import annotations

import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

_WAIT = 60.0
_TIMEOUT = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """`sessions` connections at once, kept for all their messages."""

    port: int
    sender: str
    to: str
    size: int
    count: int
    sessions: int
    lmtp: bool


def hand_in(load: Load) -> None:
    """Returns when every message was told 250. Raises `RuntimeError`, `CalledProcessError`, `OSError`."""
    program = shutil.which("smtp-source")
    if program:
        subprocess.run([program, *_options(load)], check=True, timeout=_TIMEOUT)  # noqa: S603  our own
        return
    shares = [load.count // load.sessions + (number < load.count % load.sessions) for number in range(load.sessions)]
    with ThreadPoolExecutor(load.sessions) as pool:
        list(pool.map(lambda share: _session(load, share), shares))


def _options(load: Load) -> list[str]:
    numbers = ["-s", str(load.sessions), "-m", str(load.count), "-l", str(load.size)]
    kept = ["-d", *(["-L"] if load.lmtp else [])]  # -d: a connection is kept for many messages
    return [*kept, *numbers, "-f", load.sender, "-t", load.to, f"inet:127.0.0.1:{load.port}"]


def _session(load: Load, count: int) -> None:
    hello = "LHLO" if load.lmtp else "EHLO"
    text = f"From: {load.sender}\r\nTo: {load.to}\r\nSubject: Essai\r\n\r\n"
    line = "x" * 76 + "\r\n"
    data = (text + line * (max(load.size - len(text), 0) // len(line)) + ".\r\n").encode()
    with socket.create_connection(("127.0.0.1", load.port), timeout=_WAIT) as link, link.makefile("rb") as answers:
        _expect(answers.readline(), b"220")
        link.sendall(f"{hello} bench.example\r\n".encode())
        while (line_of := answers.readline())[3:4] == b"-":
            pass
        _expect(line_of, b"250")
        for _ in range(count):
            for command, code in ((f"MAIL FROM:<{load.sender}>", b"250"), (f"RCPT TO:<{load.to}>", b"250")):
                link.sendall(f"{command}\r\n".encode())
                _expect(answers.readline(), code)
            link.sendall(b"DATA\r\n")
            _expect(answers.readline(), b"354")
            link.sendall(data)
            _expect(answers.readline(), b"250")


def _expect(answer: bytes, code: bytes) -> None:
    if not answer.startswith(code):
        msg = f"the server said {answer[:40]!r}"
        raise RuntimeError(msg)
