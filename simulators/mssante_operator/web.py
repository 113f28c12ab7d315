"""The smallest web layer that the pages need: requests and answers as values, a table of routes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

MAX_BODY = 256 * 1024
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": POLICY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`fields` are those of the query on GET, of the form on POST; `parts` what the address held in brackets."""

    fields: Mapping[str, str]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


View = Callable[[Request], Answer]
Route = tuple[str, re.Pattern[str], View]


def redirect(address: str) -> Answer:
    """After a form."""
    return Answer(status=303, headers={"Location": address})


class Handler(BaseHTTPRequestHandler):
    """One request; nothing of it is logged: addresses of patients hold their numbers."""

    protocol_version = "HTTP/1.1"
    server_version = "MssanteOperator"
    sys_version = ""
    routes: Sequence[Route] = ()
    missing: Callable[[], Answer]

    def do_GET(self) -> None:
        self._answer("GET", urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdecimal() else 0
        if size > MAX_BODY:
            self.close_connection = True
            self._send(Answer(status=413))
            return
        self._answer("POST", self.rfile.read(size).decode("utf-8", "replace"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (name of the standard library)
        """Nothing: the pages show what there is to know."""

    def _answer(self, method: str, encoded: str) -> None:
        path = urlsplit(self.path).path
        for wanted, pattern, view in self.routes:
            found = pattern.fullmatch(path)
            if found and wanted == method:
                fields = dict(parse_qsl(encoded, keep_blank_values=True))
                self._send(view(Request(fields=fields, parts=found.groups())))
                return
        self._send(type(self).missing())

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in {**HEADERS, "Content-Type": answer.media_type, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


def server(port: int, routes: Sequence[Route], missing: Callable[[], Answer]) -> ThreadingHTTPServer:
    """The pages on loopback only."""
    handler = type("OperatorPages", (Handler,), {"routes": routes, "missing": staticmethod(missing)})
    made = ThreadingHTTPServer(("127.0.0.1", port), handler)
    made.daemon_threads = True
    return made
