"""Guards on querysets: no order means any order, and a lock says which rows it takes.

PostgreSQL returns rows of an unordered query as it likes, and nearly always in the order in which the test made them.
Here such rows are shuffled, and a slice of an unordered query (any row, then) is refused.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db.models.query import MAX_GET_RESULTS, QuerySet

shuffler = random.Random()


class UnorderedSliceError(AssertionError):
    """A part of a queryset without order: nobody knows which part."""


class LockWithoutOfError(AssertionError):
    """`select_for_update()` without `of=` locks the rows of every joined table as well."""


def _is_sliced(queryset: QuerySet[Any]) -> bool:
    query = queryset.query
    return query.is_sliced and (query.low_mark, query.high_mark) != (0, MAX_GET_RESULTS)  # get() reads 21 to count them


def _checked_fetch(original: Any) -> Any:
    def fetch(self: QuerySet[Any]) -> None:
        fresh = self._result_cache is None
        original(self)
        rows = self._result_cache
        if not fresh or self.ordered or not rows:
            return
        if _is_sliced(self) and _called_by_us(sys._getframe(1)):
            raise UnorderedSliceError(self.model._meta.label)
        shuffler.shuffle(rows)

    return fetch


def _shuffled_iterator(original: Any) -> Any:
    def iterate(self: QuerySet[Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
        rows = original(self, *args, **kwargs)
        if self.ordered:
            yield from rows
            return
        held = list(rows)
        shuffler.shuffle(held)
        yield from held

    return iterate


def _strict_lock(original: Any) -> Any:
    def select_for_update(self: QuerySet[Any], *args: Any, **kwargs: Any) -> QuerySet[Any]:
        if not kwargs.get("of") and _called_by_us(sys._getframe(1)):
            raise LockWithoutOfError(self.model._meta.label)
        return original(self, *args, **kwargs)

    return select_for_update


def _called_by_us(frame: FrameType | None) -> bool:
    """Whether the first caller outside the queryset machinery is code of the portal or of its tests."""
    passed_create = False
    while frame is not None:
        module, name = frame.f_globals.get("__name__", ""), frame.f_code.co_name
        passed_create = passed_create or name in {
            "update_or_create",
            "aupdate_or_create",
        }  # locks without of= by itself
        if not module.startswith(("django.db.models", "tests.harness.queries")):
            return not passed_create and module.startswith(("apps.", "ens_portal.", "tests."))
        frame = frame.f_back
    return False


@contextmanager
def strict_queries() -> Iterator[None]:
    """Shuffled rows and strict locks inside the block."""
    fetch, iterator, lock = QuerySet._fetch_all, QuerySet._iterator, QuerySet.select_for_update
    QuerySet._fetch_all = _checked_fetch(fetch)
    QuerySet._iterator = _shuffled_iterator(iterator)
    QuerySet.select_for_update = _strict_lock(lock)
    try:
        yield
    finally:
        QuerySet._fetch_all, QuerySet._iterator, QuerySet.select_for_update = fetch, iterator, lock
