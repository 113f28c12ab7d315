"""What a state machine is made of: moves, and stays with their term."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from apps.store.states.words import Event, ListingStatus, Party, Queue, Status

S = TypeVar("S", Status, ListingStatus)


class Unit(StrEnum):
    """Terms end at 23:59:59 Europe/Paris of their last day (STO-82)."""

    WORKDAYS = "workdays"
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long somebody has. `is_running_clock`: only the days count on which the clock of the assessment runs."""

    number: int
    unit: Unit = Unit.DAYS
    is_running_clock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[S]):
    """One row of a table. `source` None: there is no row yet. `target` None: back to the state that was appealed."""

    rule: str
    source: S | None
    event: Event
    by: frozenset[Party]
    target: S | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Who may be waited for in a state and for how long; the first queue is that of the arrival.

    A state without queues waits for no human and has no due date (STO-83). `times_out`: the sweep fires `TIMEOUT`
    when the term of the publisher is over; other terms that are over are late, and seen as late.
    """

    terms: Mapping[Queue, Term]
    times_out: bool = False

    @property
    def first(self) -> Queue | None:
        return next(iter(self.terms), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine(Generic[S]):
    """Moves and stays; `find` is what `transitions` asks."""

    moves: tuple[Move[S], ...]
    stays: Mapping[S, Stay]

    def find(self, source: S | None, event: Event) -> tuple[Move[S], ...]:
        """Rows for this event from this state; several differ in their target."""
        return tuple(move for move in self.moves if move.source == source and move.event is event)

    def waits(self) -> dict[S, tuple[Queue, ...]]:
        """For each state, who may be waited for: the constraint of the table is made of it."""
        return {status: tuple(stay.terms) for status, stay in self.stays.items()}
