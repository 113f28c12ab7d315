"""Typed readers of the environment.

A missing or unknown value stops the start and says which variable (architecture 3.5).
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ENVIRONMENTS = ("demo", "test", "production")
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_MIN_SECRET = 32


def text(name: str, *, default: str | None = None, choices: Sequence[str] | None = None) -> str:
    """The variable as text; with `choices`, any other value is refused."""
    value = os.environ.get(name, default)
    if value is None or value == "":
        if default == "":
            return ""
        msg = f"{name} is missing: set it, see docs/configuration.md"
        raise ImproperlyConfigured(msg)
    if choices is not None and value not in choices:
        msg = f"{name}={value!r} is unknown: use one of {', '.join(choices)}"
        raise ImproperlyConfigured(msg)
    return value


def flag(name: str, *, default: bool) -> bool:
    """1, true, yes or 0, false, no."""
    value = text(name, default="1" if default else "0").lower()
    if value not in _FLAGS:
        msg = f"{name}={value!r} is unknown: use 1 or 0"
        raise ImproperlyConfigured(msg)
    return _FLAGS[value]


def number(name: str, *, default: int | None = None, least: int = 0) -> int:
    """A whole number, at least `least`."""
    value = text(name, default=None if default is None else str(default))
    try:
        result = int(value)
    except ValueError:
        msg = f"{name}={value!r} is not a whole number"
        raise ImproperlyConfigured(msg) from None
    if result < least:
        msg = f"{name}={result} is too small: at least {least}"
        raise ImproperlyConfigured(msg)
    return result


def rate(name: str, *, default: str) -> tuple[int, int]:
    """`5/15m`: how many within how long (s, m, h, d), as a pair of tries and seconds."""
    value = text(name, default=default)
    found = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,3})([smhd])", value)
    if found is None:
        msg = f"{name}={value!r} is no rate: write 5/15m for five within fifteen minutes"
        raise ImproperlyConfigured(msg)
    return int(found[1]), int(found[2]) * _UNITS[found[3]]


def names(name: str, *, default: str | None = None) -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in text(name, default=default).split(",") if part.strip()]


def secret(name: str, *, default: str | None = None, least: int = _MIN_SECRET) -> str:
    """A secret of at least `least` characters, from NAME or from the file that NAME_FILE points to (SEC-28).

    With an empty default it may be left out, not be short.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            msg = f"{name}_FILE={path!r} cannot be read: {error.strerror}"
            raise ImproperlyConfigured(msg) from None
    else:
        value = text(name, default=default)
    if len(value) < least and (value or default != ""):
        msg = f"{name} is too short: at least {least} characters"
        raise ImproperlyConfigured(msg)
    return value
