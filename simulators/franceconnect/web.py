"""The smallest web layer that serves the provider: requests and answers as values, a table of routes."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

MAX_BODY = 64 * 1024
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
logger = logging.getLogger("simulators.franceconnect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`fields` are those of the query on GET, of the form on POST; the last of equal names counts."""

    method: str
    path: str
    fields: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    seconds_between_bytes: float = 0.0


View = Callable[[Request], Answer]
Routes = Mapping[tuple[str, str], View]


def as_json(value: object, status: int = 200) -> Answer:
    """An answer for programs."""
    return Answer(status=status, body=json.dumps(value).encode(), media_type="application/json")


def redirect(address: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer that sends the browser on."""
    return Answer(status=302, headers={"Location": address, **(headers or {})})


def oauth_error(code: str, status: int = 400) -> Answer:
    """An error of RFC 6749, section 5.2."""
    return as_json({"error": code, "error_description": code}, status)


class Handler(BaseHTTPRequestHandler):
    """One request; a log line holds the method, the path and the status, never a value of a person."""

    protocol_version = "HTTP/1.1"
    server_version = "FranceConnectSimulator"
    sys_version = ""
    routes: Routes = {}

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdecimal() else 0
        if size > MAX_BODY:
            self.close_connection = True
            self._send(Answer(status=413))
            return
        self._answer(self.rfile.read(size).decode("utf-8", "replace"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (name of the standard library)
        status = args[1] if format.startswith('"%s"') and len(args) > 1 else "failed"
        logger.info("%s %s %s", self.command, urlsplit(self.path).path, status)

    def _answer(self, encoded: str) -> None:
        path = urlsplit(self.path).path
        request = Request(
            method=self.command,
            path=path,
            fields=dict(parse_qsl(encoded, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            cookies={name: morsel.value for name, morsel in SimpleCookie(self.headers.get("Cookie", "")).items()},
        )
        view = self.routes.get((self.command, path))
        self._send(view(request) if view else Answer(status=404, body=b"404"))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        headers = {**HEADERS, "Content-Type": answer.media_type, **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        try:
            self._write(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the portal did not wait

    def _write(self, answer: Answer) -> None:
        if not answer.seconds_between_bytes:
            self.wfile.write(answer.body)
            return
        for byte in answer.body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(answer.seconds_between_bytes)


def server(port: int, routes: Routes) -> ThreadingHTTPServer:
    """A server on loopback only, one thread for each connection."""
    handler = type("RoutedHandler", (Handler,), {"routes": routes})
    made = ThreadingHTTPServer(("127.0.0.1", port), handler)
    made.daemon_threads = True
    return made
