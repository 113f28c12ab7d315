"""How far a long piece of work is, told to whoever started it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`done` of `total` in the unit of the phase: bytes while a file is read, lines or people afterwards.

    `items`: lines or people so far, for a rate that people understand.
    """

    phase: str
    done: int
    total: int
    items: int


Listener = Callable[[Progress], None]


def nobody(_progress: Progress) -> None:
    """For callers who do not want to know."""
