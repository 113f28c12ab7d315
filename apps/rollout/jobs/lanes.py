"""Runs slices of work on several connections at once: the database has more than one core too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

from django.db import connection

Slice = TypeVar("Slice")
Result = TypeVar("Result")


def in_lanes(*, work: Callable[[Slice], Result], slices: Sequence[Slice], lanes: int) -> Iterator[tuple[Slice, Result]]:
    """Each slice with its result, in the order in which they end.

    With one lane, or inside a transaction (which other connections could not see), everything happens on the caller's
    connection. With more, each lane has a connection of its own. The first failure is raised once the slices at work
    have ended; those that had not begun are left.
    """
    if lanes == 1 or connection.in_atomic_block:
        for one in slices:
            yield one, work(one)
        return
    with ThreadPoolExecutor(lanes, thread_name_prefix="lane") as pool:
        running: dict[Future[Result], Slice] = {pool.submit(_apart, work, one): one for one in slices}
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _apart(work: Callable[[Slice], Result], one: Slice) -> Result:
    try:
        return work(one)
    finally:
        connection.close()
