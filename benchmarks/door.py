"""The door of the mailbox: recipients asked about, messages kept, against a server that reads and throws away."""

from __future__ import annotations

import io
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from django.conf import settings
from django.utils import timezone

from apps.accounts.ins import control_key
from apps.directory.trusting import import_trusted_domains
from apps.mss.models import Arrival
from apps.spaces.models import HealthSpace
from benchmarks.handing_in import Load, hand_in
from benchmarks.holders import person_of

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = "pro.mssante.example"
ASKED = 200
APART = 0.005  # seconds between medians at most
SESSIONS = 16
# Bytes of a message, how many, and what a Postfix that hands to a Dovecot stored a second on two cores.
LOADS = ((2_000, 3_000, 455), (20_000, 2_000, 365), (200_000, 600, 270))
GOALS = {2_000: 2.0, 20_000: 2.0, 200_000: 1.0}
_WAIT = 30.0


def measure() -> Iterator[str]:
    """Lines of the result."""
    _trust()
    people = {"never opened": person_of("2840644199001"), "opposed": person_of("2840644199002")}
    taken = person_of("2840644199003")
    now = timezone.now()
    HealthSpace.objects.create(identity=taken, opened_at=now)
    HealthSpace.objects.create(
        identity=people["opposed"], opened_at=now, status=HealthSpace.Status.CLOSED, closed_at=now,
        closure_reason=HealthSpace.ClosureReason.LATE_OPPOSITION,
    )  # fmt: skip
    asked = {name: _address(person.ins_number) for name, person in people.items()}
    with _door() as port:
        yield _answers(port, {**asked, "unknown": _address("2840644199777")})
        kept = {size: _load(port, _address(taken.ins_number), size, count) for size, count, _ in LOADS}
    Arrival.objects.all().delete()  # nobody files them: the next part files its own
    with _reader() as port:
        read = {size: _load(port, "a@b.example", size, count, lmtp=False) for size, count, _ in LOADS}
    for size, count, other in LOADS:
        yield (
            f"door, {size // 1_000} kB: {count} kept, {kept[size]:.0f}/s (goal {GOALS[size] * other:.0f}/s), "
            f"{kept[size] / read[size]:.0%} of a server that only reads"
        )


def _answers(port: int, addresses: dict[str, str]) -> str:
    """Medians of the answers to RCPT, asked in turn."""
    times: dict[str, list[float]] = {name: [] for name in addresses}
    words = set()
    with smtplib.LMTP("127.0.0.1", port, timeout=_WAIT) as client:
        client.ehlo_or_helo_if_needed()
        client.docmd(f"MAIL FROM:<a@{DOMAIN}>")
        for _ in range(ASKED):
            for name, address in addresses.items():
                start = time.perf_counter()
                words.add(client.docmd(f"RCPT TO:<{address}>"))
                times[name].append(time.perf_counter() - start)
    medians = {name: median(each) for name, each in times.items()}
    apart = max(medians.values()) - min(medians.values())
    said = ", ".join(f"{name} {each * 1e3:.2f} ms" for name, each in medians.items())
    same = "the same bytes" if len(words) == 1 else "DIFFERENT BYTES"
    return f"door, recipients without a box: {said}; {apart * 1e3:.2f} ms apart (goal {APART * 1e3:.0f}), {same}"


def _load(port: int, to: str, size: int, count: int, *, lmtp: bool = True) -> float:
    """Messages a second; each one was told 250, and is a row where the server keeps them."""
    before = Arrival.objects.count()
    load = Load(port=port, sender=f"a@{DOMAIN}", to=to, size=size, count=count, sessions=SESSIONS, lmtp=lmtp)
    start = time.perf_counter()
    hand_in(load)
    seconds = time.perf_counter() - start
    if lmtp and Arrival.objects.count() - before != count:
        msg = "messages were told 250 and are not there"
        raise RuntimeError(msg)
    return count / seconds


@contextmanager
def _door() -> Iterator[int]:
    """The process that people run, without TLS: load generators speak none."""
    port = _free_port()
    environment = {
        "ENS_SMTP_PORT": str(port),
        "ENS_SMTP_REFUSALS": "100000",
        "ENS_LIMIT_MSS_DOOR_DOMAIN": "999999/1h",
        "ENS_LIMIT_MSS_DOOR_SENDER": "999999/1h",
        "ENS_LOG_LEVEL": "ERROR",
    }
    with _process(environment, port, "manage.py", "mss_gateway", "--lmtp"):
        yield port


@contextmanager
def _reader() -> Iterator[int]:
    """The library with its own reading, which keeps nothing."""
    port = _free_port()
    place = f"127.0.0.1:{port}"
    with _process({}, port, "-m", "aiosmtpd", "--nosetuid", "--listen", place, "--class", "aiosmtpd.handlers.Sink"):
        yield port


@contextmanager
def _process(more: dict[str, str], port: int, *arguments: str) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603  our own
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **more}, stdout=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + _WAIT
        while not _answers_at(port):
            if process.poll() is not None or time.monotonic() > end:
                msg = f"{arguments[-1]} does not open"
                raise RuntimeError(msg)
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=_WAIT)


def _answers_at(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_WAIT) as link:
            return link.recv(3) == b"220"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _trust() -> None:
    now = timezone.now()
    issued = (now - timedelta(hours=1)).isoformat()
    data = (
        '<ListeBlanche xmlns="https://listeblanche.mssante.fr/schema">'
        f"<DateDeGeneration>{issued}</DateDeGeneration><Domaines><Domaine><Nom>{DOMAIN}</Nom>"
        "<DNCertificatOperateur>CN=pro</DNCertificatOperateur></Domaine></Domaines></ListeBlanche>"
    )
    import_trusted_domains(source=io.BytesIO(data.encode()), at=now, force=True)


def _address(number: str) -> str:
    return f"{number}{control_key(number)}@{settings.MSS_PATIENT_DOMAIN}"
