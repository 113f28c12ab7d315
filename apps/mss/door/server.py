"""Listens, and ends in good order: what is being received is finished, what is new is turned away."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio import sslproto
from dataclasses import dataclass
from ssl import SSLContext
from uuid import UUID

import structlog
from django.conf import settings

from apps.common.tasks import enqueue
from apps.mss import tasks
from apps.mss.door.database import Threads, Writer
from apps.mss.door.desk import Bounds, Desk
from apps.mss.door.protocol import Protocol

logger = structlog.get_logger(__name__)
PATIENCE = 8.0  # seconds for what is being received when the door is told to stop
TLS_BUFFER = 65_536  # bytes a connection, four records; the library of Python takes 256 kB
SWITCH = 0.0005  # seconds; with the usual five thousandths each answer waits for a thread that is at work
WAKE = 0.5  # seconds: the filing is called at most so often, and finds everything itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to listen. Without `tls` it is LMTP for a server on the same machine."""

    host: str
    port: int
    tls: SSLContext | None

    @property
    def is_local(self) -> bool:
        return self.tls is None


def bounds() -> Bounds:
    """As the settings say."""
    return Bounds(
        largest=settings.MSS_MAX_MESSAGE_BYTES,
        memory=max(settings.MSS_DOOR_MEMORY_BYTES, 2 * settings.MSS_MAX_MESSAGE_BYTES),
        connections=settings.MSS_DOOR_CONNECTIONS,
        connections_an_address=settings.MSS_DOOR_CONNECTIONS_AN_ADDRESS,
        recipients=settings.MSS_DOOR_RECIPIENTS,
        refusals=settings.MSS_DOOR_REFUSALS,
        idle_seconds=settings.MSS_DOOR_IDLE_SECONDS,
        message_seconds=settings.MSS_DOOR_MESSAGE_SECONDS,
    )


class Bell:
    """Tells the filing that there is something to do, once for many arrivals; without it the clock does (REL-03)."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._ringing: asyncio.Task[None] | None = None

    def fall_silent(self) -> None:
        if self._ringing is not None:
            self._ringing.cancel()

    def ring(self, _arrivals: list[UUID]) -> None:
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.get_running_loop().create_task(self._ring())

    async def _ring(self) -> None:
        await asyncio.sleep(WAKE)
        await self._threads.run(lambda: enqueue(tasks.file_arrivals))


async def serve(place: Place, *, ready: asyncio.Event | None = None, stop: asyncio.Event | None = None) -> None:
    """Until SIGTERM, SIGINT or `stop`. Raises `OSError`: the port is taken."""
    loop, stopped = asyncio.get_running_loop(), stop or asyncio.Event()
    threads = Threads(readers=settings.MSS_DOOR_READERS)
    bell = Bell(threads)
    desk = Desk(
        bounds=bounds(),
        threads=threads,
        writer=Writer(threads, bell.ring),
        hostname=settings.MSS_DOOR_NAME,
    )
    sslproto.SSLProtocol.max_size = TLS_BUFFER
    sys.setswitchinterval(SWITCH)
    server = await loop.create_server(
        lambda: Protocol(desk, tls=place.tls, is_local=place.is_local), place.host, place.port, backlog=256
    )
    if stop is None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped.set)
    logger.info("door.open")
    if ready is not None:
        ready.set()
    await stopped.wait()
    server.close()
    await desk.emptied(seconds=PATIENCE)
    bell.fall_silent()
    await asyncio.to_thread(threads.close)
    logger.info("door.closed")
