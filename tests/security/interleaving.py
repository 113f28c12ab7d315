"""The same work twice at once, in an order that the test decides: the first run stands still while the second works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

SECONDS = 0.3  # that the first waits for a second one which may be waiting for it
Stop = Callable[[int, str], bool]  # number of the statement, from 0, and its text


def before_the_first_change(_number: int, statement: str) -> bool:
    """What was read so far is old when the run goes on."""
    begun = statement.lstrip().upper()
    return begun.startswith(("INSERT", "UPDATE", "DELETE", "WITH", "COPY")) or "FOR UPDATE" in begun


def before_statement(wanted: int) -> Stop:
    return lambda number, _statement: number == wanted


@dataclass(kw_only=True)
class _First:
    """Stands still once, before the statement that `stop` names."""

    stop: Stop
    stands: threading.Event = field(default_factory=threading.Event)
    other_is_done: threading.Event = field(default_factory=threading.Event)
    statements: int = 0
    stood: bool = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not self.stands.is_set() and self.stop(self.statements, str(sql)):
            self.stood = True
            self.stands.set()
            self.other_is_done.wait(SECONDS)
        self.statements += 1
        return execute(sql, *rest)


def beside_itself(work: Callable[[], object], *, stop: Stop) -> bool:
    """Both runs to their ends, each on its own connection; returns whether the first one came to its stop.

    Raises the first error of any.
    """
    first, errors = _First(stop=stop), []

    def run(done: threading.Event, *, wrapped: bool) -> None:
        try:
            if wrapped:
                with connection.execute_wrapper(first):
                    work()
            else:
                work()
        except Exception as error:  # noqa: BLE001  raised below, in the thread of the test
            errors.append(error)
        finally:
            connection.close()
            done.set()

    threads = [
        threading.Thread(target=run, args=(first.stands,), kwargs={"wrapped": True}),
        threading.Thread(target=run, args=(first.other_is_done,), kwargs={"wrapped": False}),
    ]
    threads[0].start()
    first.stands.wait()
    threads[1].start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return first.stood
