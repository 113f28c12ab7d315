"""The door, open on the loopback inside the process of the tests, and clients that knock at it."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from apps.mss.door import tls
from apps.mss.door.server import Place, serve
from simulators.certificates import OPERATOR, Certificates, make_certificates

DOMAIN = "pro.mssante.example"
SENDER = f"dr.benali@{DOMAIN}"
OPERATOR_NAME = "CN=pro.mssante.example,O=Opérateur simulé,C=FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where it is, and whose certificates are believed there."""

    port: int
    papers: Certificates

    def knock(self, *, member: str | None = OPERATOR, encrypted: bool = True) -> smtplib.SMTP:
        """A connection that has said EHLO, over TLS with the certificate of the member."""
        client = smtplib.SMTP("localhost", self.port, timeout=20)
        client.ehlo()
        if encrypted:
            client.starttls(context=client_context(self.papers, member))
            client.ehlo()
        return client


def client_context(papers: Certificates, member: str | None = OPERATOR) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(papers.authority))
    if member:
        pair = papers.of(member)
        context.load_cert_chain(pair.certificate, pair.key)
    return context


def name_papers(settings, folder: Path) -> Certificates:
    """Certificates of an authority of this test, named in the settings."""
    papers = make_certificates(folder)
    settings.MSS_DOOR_CA = str(papers.authority)
    settings.MSS_DOOR_CERTIFICATE = str(papers.of("portal").certificate)
    settings.MSS_DOOR_KEY = str(papers.of("portal").key)
    return papers


@contextmanager
def opened(papers: Certificates, *, lmtp: bool = False) -> Iterator[Door]:
    """The door of the settings on a free port, closed in good order at the end."""
    port = free_port()
    place = Place(host="127.0.0.1", port=port, tls=None if lmtp else tls.context())
    ready, state = Event(), {}

    async def run() -> None:
        state["loop"], state["stop"] = asyncio.get_running_loop(), asyncio.Event()
        opening = asyncio.Event()
        serving = asyncio.create_task(serve(place, ready=opening, stop=state["stop"]))
        await opening.wait()
        ready.set()
        await serving

    thread = Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield Door(port=port, papers=papers)
    finally:
        state["loop"].call_soon_threadsafe(state["stop"].set)
        thread.join(20)
        assert not thread.is_alive()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def codes(client: smtplib.SMTP, *commands: str) -> list[str]:
    """Code and enhanced status of each answer."""
    answers = []
    for command in commands:
        code, text = client.docmd(command)
        answers.append(f"{code} {text.decode().split(' ')[0]}")
    return answers


def nameless(folder: Path) -> Certificates:
    """An authority, and a certificate of it whose subject is empty."""
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    made = Certificates(folder=folder)
    pair, authority_key = made.of(OPERATOR), folder / "authority-key.pem"
    authority = ["-subj", "/CN=autorite", "-keyout", str(authority_key), "-out", str(made.authority)]
    signed = ["-CA", str(made.authority), "-CAkey", str(authority_key), "-addext", "basicConstraints=CA:FALSE"]
    member = ["-subj", "/", "-addext", "subjectAltName=DNS:localhost"]
    member += ["-keyout", str(pair.key), "-out", str(pair.certificate)]
    for arguments in (authority, [*signed, *member]):
        subprocess.run([*new, *arguments], check=True, capture_output=True)
    return made
