"""A scene: rows that give one task real work, and the arguments of its call (REL-01)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.harness.clock import NOON

Ids = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a scene may change besides rows; all of it is put back after the test."""

    folder: Path
    settings: Any
    monkeypatch: pytest.MonkeyPatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`build` returns the keywords of the call.

    `moves`: ways in which the row of the ids moves on before a late message comes, each given the ids. `only_queues`:
    the task writes no row, its effect is messages. `looked_at`: columns that tell when somebody last looked, the only
    ones that a second run may change.
    """

    task: str
    build: Callable[[World], Ids]
    what: str = ""
    at: datetime = NOON
    moves: Mapping[str, Callable[[Ids], object]] = field(default_factory=dict)
    only_queues: bool = False
    looked_at: frozenset[tuple[str, str]] = frozenset()

    def __str__(self) -> str:
        return f"{self.task}: {self.what}" if self.what else self.task
