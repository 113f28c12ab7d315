"""A mail server that takes everything and sends nothing on (RFC 5321, the part that a relay's client needs).

The local part of a recipient may ask for a fault, so that each answer of the outside can be tried:
`later` 451, `unknown` 550, `drop-before` and `drop-after` break the connection before or after the mail was taken.
Whatever goes to `@rebond.example` is taken and comes back.
"""

from __future__ import annotations

import re
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

from simulators.mailbox.bounces import send_back
from simulators.mailbox.letters import Letters

MAX_LINE = 4096
MAX_BYTES = 10 * 1024 * 1024
PATH = re.compile(rb"<([^<>]*)>")
FAULTS = {"later": b"451 4.3.0 try again later", "unknown": b"550 5.1.1 no such mailbox"}
GREETING = b"220 mailbox.localhost catch-all"


class Session(StreamRequestHandler):
    """One connection: one mail after the other until QUIT."""

    server: CatchAll
    timeout = 60

    def handle(self) -> None:
        self.sender, self.recipients = "", list[str]()
        self._say(GREETING)
        while line := self.rfile.readline(MAX_LINE):
            verb, _, rest = line.strip().partition(b" ")
            if verb.upper() == b"QUIT":
                self._say(b"221 bye")
                return
            if not self._obey(verb.upper(), rest):
                return

    def _obey(self, verb: bytes, rest: bytes) -> bool:
        """Answer one command; False ends the connection."""
        match verb:
            case b"EHLO" | b"HELO" | b"NOOP" | b"RSET":
                self.sender, self.recipients = "", []
                self._say(b"250 mailbox.localhost")
            case b"MAIL":
                self.sender = self._path(rest)
                self._say(b"250 ok")
            case b"RCPT":
                self._recipient(self._path(rest))
            case b"DATA":
                return self._data()
            case _:
                self._say(b"502 not here")
        return True

    def _recipient(self, address: str) -> None:
        refusal = FAULTS.get(address.partition("@")[0])
        if refusal is None:
            self.recipients.append(address)
        self._say(refusal or b"250 ok")

    def _data(self) -> bool:
        if not self.recipients:
            self._say(b"503 nobody to send it to")
            return True
        self._say(b"354 go on")
        source = self._content()
        wanted = {address.partition("@")[0] for address in self.recipients}
        if source is None or "drop-before" in wanted:
            return False
        kept = self.server.letters.add(sender=self.sender, recipients=tuple(self.recipients), source=source)
        if self.server.maildir is not None:
            send_back(kept, self.server.maildir)
        if "drop-after" in wanted:
            return False
        self._say(b"250 taken")
        return True

    def _content(self) -> bytes | None:
        """Lines up to the single dot; None when the client went away or would never end."""
        lines: list[bytes] = []
        size = 0
        while line := self.rfile.readline(MAX_LINE):
            if line in {b".\r\n", b".\n"}:
                return b"".join(lines)
            size += len(line)
            if size > MAX_BYTES:
                return None
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return None

    def _path(self, rest: bytes) -> str:
        found = PATH.search(rest)
        return found[1].decode("utf-8", "replace") if found else ""

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class CatchAll(ThreadingTCPServer):
    """The server, on loopback only."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, letters: Letters, maildir: Path | None = None) -> None:
        self.letters = letters
        self.maildir = maildir  # for what comes back; None: nothing does
        super().__init__(("127.0.0.1", port), Session)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no trouble of ours."""
