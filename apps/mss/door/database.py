"""Work with the database for a door that never waits: threads with a connection each, and commits that are shared."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

import structlog
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.files.keys import MasterKeyMissingError
from apps.mss.door.accepting import Delivery, accept
from apps.mss.door.answers import Answer
from apps.mss.door.senders import answer_author

logger = structlog.get_logger(__name__)
Result = TypeVar("Result")

TOGETHER = 64  # messages of one transaction
BYTES_TOGETHER = 8_000_000
WRITERS = 1  # more of them would share the same messages out, and write more transactions
_FAULTS = (DatabaseError, InterfaceError, MasterKeyMissingError)


class AwayError(Exception):
    """The database or a key is not there; nothing was kept."""


class Threads:
    """Runs reads and writes in threads of their own."""

    def __init__(self, *, readers: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=readers + WRITERS, thread_name_prefix="door")
        self._used: set[BaseDatabaseWrapper] = set()

    async def run(self, work: Callable[[], Result]) -> Result:
        """Raises `AwayError` where the database or a key fails."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._guarded, work)

    def close(self) -> None:
        """When what runs is over."""
        self._pool.shutdown(wait=True)
        for used in self._used:
            used.inc_thread_sharing()  # its thread is gone
            used.close()

    def _guarded(self, work: Callable[[], Result]) -> Result:
        mine = connections[DEFAULT_DB_ALIAS]
        mine.close_if_unusable_or_obsolete()
        self._used.add(mine)
        try:
            return work()
        except _FAULTS as error:
            logger.warning("door.away", reason=type(error).__name__)
            mine.close()  # the next one begins with a new connection
            raise AwayError from error


class Writer:
    """Looks at authors and keeps messages, several in one transaction when several wait.

    A 250 follows the commit that holds its message.
    """

    def __init__(self, threads: Threads, taken: Callable[[list[UUID]], None]) -> None:
        self._threads = threads
        self._taken = taken
        self._waiting: deque[tuple[Delivery, asyncio.Future[Answer]]] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def keep(self, delivery: Delivery) -> Answer:
        """Returns after the commit; what is not `TAKEN` was not kept. Raises `AwayError`: nothing was kept."""
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, done))
        if len(self._running) < WRITERS:
            self._begin()
        return await done

    def _begin(self) -> None:
        task = asyncio.create_task(self._write())
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """What waited behind a fault that nobody foresaw is gone on with."""
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            logger.error("door.error", reason=type(error).__name__)
        if self._waiting:
            self._begin()

    async def _write(self) -> None:
        while batch := self._next():
            await self._keep_together(batch)

    def _next(self) -> list[tuple[Delivery, asyncio.Future[Answer]]]:
        """What is kept together. A message whose sender has hung up is not: nobody was told that it is."""
        batch: list[tuple[Delivery, asyncio.Future[Answer]]] = []
        size = 0
        while self._waiting and len(batch) < TOGETHER:
            delivery, done = self._waiting[0]
            if not done.done():
                size += len(delivery.data)
                if batch and size > BYTES_TOGETHER:
                    break
                batch.append((delivery, done))
            self._waiting.popleft()
        return batch

    async def _keep_together(self, batch: list[tuple[Delivery, asyncio.Future[Answer]]]) -> None:
        """One that the database refuses keeps no other one waiting: a batch that failed is kept one by one."""
        try:
            answers, ids = await self._threads.run(lambda: _keep([delivery for delivery, _ in batch]))
        except AwayError as error:
            if len(batch) > 1:
                for each in batch:
                    await self._keep_together([each])
                return
            _settle(batch[0][1], error)
        else:
            self._taken(ids)
            for (_, done), answer in zip(batch, answers, strict=True):
                _settle(done, answer)
        finally:
            for _, done in batch:  # after a fault that nobody foresaw: nobody waits for ever
                _settle(done, AwayError())


def _keep(deliveries: list[Delivery]) -> tuple[list[Answer], list[UUID]]:
    """What each sender is told, and the arrivals that were kept."""
    answers = [answer_author(data=each.data, at=each.received_at) for each in deliveries]
    good = [each for each, answer in zip(deliveries, answers, strict=True) if answer is Answer.TAKEN]
    return answers, accept(good) if good else []


def _settle(done: asyncio.Future[Answer], told: Answer | AwayError) -> None:
    if done.done():  # its connection is gone: the message is kept, the sender will hand it in again
        return
    if isinstance(told, AwayError):
        done.set_exception(told)
    else:
        done.set_result(told)
