"""Servers of this machine that answer what a test wants, well-behaved or not."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

LOOPBACK = "127.0.0.1"
Handler = Callable[[socket.socket, Event], None]


@dataclass(kw_only=True)
class Place:
    """One listening port; `asked`: heads of the questions that came, `names`: server names of TLS."""

    port: int
    ended: Event = field(default_factory=Event)
    asked: list[str] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    met: int = 0


@contextmanager
def serving(handler: Handler, *, tls: ssl.SSLContext | None = None) -> Iterator[Place]:
    """`handler(connection, ended)` speaks after the head of each question; a client that leaves is no fault."""
    with socket.create_server((LOOPBACK, 0)) as listening:
        place = Place(port=listening.getsockname()[1])
        if tls is not None:
            tls.sni_callback = lambda _socket, name, _context: place.names.append(name)
        threads = [Thread(target=_accept, args=(listening, place, handler, tls))]
        threads[0].start()
        try:
            yield place
        finally:
            place.ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            threads[0].join(10)


def _accept(listening: socket.socket, place: Place, handler: Handler, tls: ssl.SSLContext | None) -> None:
    threads = []
    with suppress(OSError):
        while True:
            connection = listening.accept()[0]
            place.met += 1
            threads.append(Thread(target=_speak, args=(connection, place, handler, tls)))
            threads[-1].start()
    for thread in threads:
        thread.join(10)


def _speak(connection: socket.socket, place: Place, handler: Handler, tls: ssl.SSLContext | None) -> None:
    with ExitStack() as stack:
        stack.callback(connection.close)
        with suppress(OSError):
            connection.settimeout(5)
            if tls is not None:
                connection = stack.enter_context(tls.wrap_socket(connection, server_side=True))
            head = b""
            while not _is_whole(head) and (part := connection.recv(65536)):
                head += part
            place.asked.append(head.decode("latin-1"))
            handler(connection, place.ended)


def _is_whole(head: bytes) -> bool:
    """The end of a question, or the beginning of TLS where none is spoken."""
    return b"\r\n\r\n" in head or head.startswith(b"\x16")


def saying(*parts: bytes) -> Handler:
    """These bytes, then the end."""

    def handler(connection: socket.socket, _ended: Event) -> None:
        for part in parts:
            connection.sendall(part)

    return handler


def page(body: bytes = b"bonjour", *, status: str = "200 OK", lines: tuple[str, ...] = ()) -> Handler:
    """A page with its length."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: text/html; charset=utf-8", *lines]
    return saying("\r\n".join(head).encode() + b"\r\n\r\n" + body)


def redirect(location: str, *, status: str = "302 Found") -> Handler:
    return page(b"", status=status, lines=(f"Location: {location}",))


def dripping(first: bytes, drop: bytes, *, each: float = 0.02) -> Handler:
    """`first`, then a drop again and again for as long as somebody listens."""

    def handler(connection: socket.socket, ended: Event) -> None:
        connection.sendall(first)
        while not ended.wait(each):
            connection.sendall(drop)

    return handler


@dataclass(kw_only=True)
class Zone:
    """What the name server answers: name and kind → answers one after the other, the last one for ever."""

    lines: dict[tuple[str, str], list[list[str]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)  # names for which the server fails
    port: int = 0

    def add(self, name: str, kind: str, *answers: list[str]) -> None:
        self.lines[name, kind] = list(answers)

    def answer(self, wire: bytes) -> bytes:
        question = dns.message.from_wire(wire)
        asked = question.question[0]
        name, kind = asked.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((name, kind))
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif not any(known == name for known, _ in self.lines):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif answers := self.lines.get((name, kind)):
            values = answers.pop(0) if len(answers) > 1 else answers[0]
            reply.answer.append(dns.rrset.from_text_list(asked.name, 0, "IN", kind, values))
        return reply.to_wire()


@contextmanager
def name_server() -> Iterator[Zone]:
    """A name server on loopback whose answers are good for no second."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind((LOOPBACK, 0))
        bound.settimeout(10)
        zone = Zone(port=bound.getsockname()[1])
        thread = Thread(target=_answer, args=(bound, zone))
        thread.start()
        try:
            yield zone
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ending:
                ending.sendto(b"", (LOOPBACK, zone.port))
            thread.join(10)


def _answer(bound: socket.socket, zone: Zone) -> None:
    while True:
        wire, sender = bound.recvfrom(4096)
        if not wire:
            return
        bound.sendto(zone.answer(wire), sender)
