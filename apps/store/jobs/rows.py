"""One row that cannot be dealt with does not keep the others from being dealt with (REL-07)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection

logger = structlog.get_logger(__name__)
Done = TypeVar("Done")


def apart(act: Callable[[], Done], *, step: str) -> Done | None:
    """Do what belongs to one row and is all or nothing by itself; an error is logged under `step`, the answer is None.

    Raises what is nobody's row: the time of the task is over, the database is away.
    """
    try:
        return act()
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        if not connection.is_usable():
            raise
        logger.exception("row_failed", step=step)
        return None
