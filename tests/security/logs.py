"""The lines that the portal really writes: JSON, by the formatter of the settings."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import structlog

QUIET = ("django_structlog", "django.request")


@contextmanager
def written_lines(level: int = logging.INFO) -> Iterator[StringIO]:
    """Everything logged inside the block at `level` or above, as it would reach the output of a web process."""
    root = logging.getLogger()
    formatters = (handler.formatter for handler in root.handlers)
    output = StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(next(one for one in formatters if isinstance(one, structlog.stdlib.ProcessorFormatter)))
    loggers = [root, *(logging.getLogger(name) for name in QUIET)]
    before = [(logger, logger.level) for logger in loggers]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(level)
    try:
        yield output
    finally:
        root.removeHandler(handler)
        for logger, value in before:
            logger.setLevel(value)
