"""Master keys of the tests, and the three steps of a change as an operator makes them (docs/domain/files.md)."""

from __future__ import annotations

from typing import Any

OLD, NEW, OTHER = "0a" * 32, "1b" * 32, "2c" * 32


def announce(settings: Any) -> None:
    """Step 1: every process knows the next key, the old one still closes."""
    _set(settings, (OLD, 1), (NEW, 2))


def switch(settings: Any) -> None:
    """Step 2: the new one closes, the old one still opens."""
    _set(settings, (NEW, 2), (OLD, 1))


def forget(settings: Any) -> None:
    """Step 3: the old one is thrown away."""
    _set(settings, (NEW, 2), ("", 0))


def _set(settings: Any, first: tuple[str, int], second: tuple[str, int]) -> None:
    settings.FILES_MASTER_KEY, settings.FILES_MASTER_KEY_VERSION = first
    settings.FILES_SECOND_MASTER_KEY, settings.FILES_SECOND_MASTER_KEY_VERSION = second
