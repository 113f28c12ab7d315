"""A clamd of the tests: its protocol on a loopback port, and its bad days."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
VERSION = b"ClamAV 1.4.6/27800/Mon Nov 23 09:00:00 2026\n"


@dataclass
class Clamd:
    """`answer`: bytes said after a stream; None to judge. `mood`: how the connection behaves behind the stream."""

    answer: bytes | None = None
    version: bytes = VERSION
    mood: str = ""  # "reset", "silent", "early reset"
    limit: int = 10**9
    streams: list[bytes] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def serve(self, line: socket.socket) -> None:
        reader = line.makefile("rb")
        command = reader.readline()
        if command == b"nVERSION\n":
            line.sendall(self.version)
        elif command == b"nINSTREAM\n":
            self._stream(line, reader)

    def _stream(self, line: socket.socket, reader) -> None:
        if self.mood == "early reset":
            _reset(line)
            return
        content = b""
        while size := struct.unpack("!L", reader.read(4))[0]:
            content += reader.read(size)
        self.streams.append(content)
        if self.mood == "reset":
            _reset(line)
        elif self.mood == "silent":
            self.released.wait(20)
        else:
            line.sendall(self.answer if self.answer is not None else self._judged(content))

    def _judged(self, content: bytes) -> bytes:
        if len(content) > self.limit:
            return b"INSTREAM size limit exceeded. ERROR\n"
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\n" if EICAR in content else b"stream: OK\n"


def _reset(line: socket.socket) -> None:
    """Close with RST, as a process that died."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def running(clamd: Clamd) -> Iterator[str]:
    """Its `host:port` while it runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_accept, args=(listener, clamd), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        clamd.released.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _accept(listener: socket.socket, clamd: Clamd) -> None:
    while True:
        try:
            line, _address = listener.accept()
        except OSError:
            return
        with line:
            clamd.serve(line)


def nobody_there() -> str:
    """An address of loopback at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"
