"""Two servers on loopback: TLS, where the name in the first bytes chooses the site, and clear text by `Host`."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from simulators.candidate_site import index
from simulators.candidate_site.answers import Answer, plain, redirect, text_of
from simulators.candidate_site.hello import peeked_name
from simulators.candidate_site.proofs import PATH, Proofs
from simulators.candidate_site.sites import Clear, Site, Tls

LOCAL = frozenset({"localhost", "127.0.0.1"})
MAX_BODY = 10_000
_PATIENCE = 30.0
_IN_CLEAR = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What both servers know."""

    sites: Mapping[str, Site]
    contexts: Mapping[str, ssl.SSLContext]
    proofs: Proofs


class SitesServer(ThreadingHTTPServer):
    """A connection that breaks is nothing to tell of: those who check hang up on purpose."""

    daemon_threads = True
    request_queue_size = 64  # a browser opens several at once
    world: World

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing."""


class Handler(BaseHTTPRequestHandler):
    """One connection; nothing is logged."""

    protocol_version = "HTTP/1.1"
    server_version = "CarnetTension"
    sys_version = ""
    timeout = _PATIENCE

    @property
    def world(self) -> World:
        return cast("SitesServer", self.server).world

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (name of the standard library)
        """Nothing."""

    def send(self, answer: Answer, headers: Mapping[str, str]) -> None:
        """The answer with the header lines of its site; hostile ones end the connection."""
        self.close_connection = self.close_connection or bool(answer.write or answer.raw)
        if answer.raw:
            answer.raw(self.wfile)
            return
        self.send_response(answer.status)
        lines = {**headers, "Content-Type": answer.media_type, **answer.headers}
        if answer.write is None:
            lines["Content-Length"] = str(len(answer.body))
        for name, value in lines.items():
            self.send_header(name, value)
        self.end_headers()
        if answer.write:
            answer.write(self.wfile)
        else:
            self.wfile.write(answer.body)


class SecureHandler(Handler):
    """The site that the client named before the handshake."""

    site: Site

    def setup(self) -> None:
        self.request.settimeout(_PATIENCE)
        self.site = self.world.sites.get(peeked_name(self.request)) or next(iter(self.world.sites.values()))
        if self.site.tls is Tls.SILENT:
            time.sleep(_PATIENCE)
        context = self.world.contexts.get(self.site.host)
        if context is None:
            self.request.sendall(_IN_CLEAR)
            raise ConnectionAbortedError
        self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.request.close()  # wrapped anew: the server knows only the connection below

    def do_GET(self) -> None:
        path, host = urlsplit(self.path).path, self.site.host
        proof = self.world.proofs.of(host) if path == PATH else None
        found = plain(proof) if proof else self.site.pages.get(path, self.site.missing)
        self.send(found, self.site.headers)


class ClearHandler(Handler):
    """Redirects of the sites; the page for people under the name of the machine itself."""

    def do_GET(self) -> None:
        host, path = self._host(), urlsplit(self.path).path
        if host in LOCAL:
            style = plain(text_of("style.css"), media_type="text/css; charset=utf-8")
            self.send(style if path == "/style.css" else index.index(tuple(self.world.sites.values())), {})
            return
        site = self.world.sites.get(host)
        self.send(_in_clear(site, self.path) if site else Answer(status=404), {})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdecimal() else MAX_BODY + 1
        if self._host() not in LOCAL or size > MAX_BODY:
            self.close_connection = True
            self.send(Answer(status=404), {})
            return
        fields = dict(parse_qsl(self.rfile.read(size).decode("utf-8", "replace")))
        host = fields.get("host", "")
        is_kept = host in self.world.sites and self.world.proofs.put(host, fields.get("code", ""))
        said = index.outcome(host, is_kept=is_kept)
        self.send(index.index(tuple(self.world.sites.values()), said), {})

    def _host(self) -> str:
        return self.headers.get("Host", "").partition(":")[0].lower()


def server(port: int, world: World, handler: Callable[..., Handler]) -> SitesServer:
    """One of the two, on loopback only."""
    made = SitesServer(("127.0.0.1", port), handler)
    made.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.world = world
    return made


def _in_clear(site: Site, path: str) -> Answer:
    if site.clear is Clear.SERVES:
        return site.pages.get(path, site.missing)
    if site.clear is Clear.ABSENT:
        return Answer(status=404)
    return redirect(f"https://{site.host}{path}", status=302 if site.clear is Clear.TEMPORARY else 301)
