"""One row that cannot be dealt with does not keep the others from being dealt with (REL-07)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, IntegrityError

from apps.store.transitions import GuardError, TransitionRefusedError

logger = structlog.get_logger(__name__)
Done = TypeVar("Done")

# What a row can be to blame for: its values, a version it names that never was, the rules it breaks. A database, a
# store or a network that is away, and the end of the time of a task, are nobody's row: they end the run.
OF_A_ROW = (
    ArithmeticError, AttributeError, FileNotFoundError, LookupError, RuntimeError, TypeError, ValueError,
    ObjectDoesNotExist, DataError, IntegrityError, GuardError, TransitionRefusedError,
)  # fmt: skip


def apart(act: Callable[[], Done], *, step: str) -> Done | None:
    """Do what belongs to one row and is all or nothing by itself; an error of the row is logged under `step`, and the
    answer is None.
    """
    try:
        return act()
    except OF_A_ROW:
        logger.exception("row_failed", step=step)
        return None
