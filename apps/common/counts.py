"""Counts of the lines of an imported file."""

from __future__ import annotations

from dataclasses import dataclass

COUNTS = ("read", "accepted", "unchanged", "refused", "ignored")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCounts:
    """`read` is the sum of the four others."""

    read: int
    accepted: int
    unchanged: int
    refused: int
    ignored: int

    def line(self) -> str:
        """The counts as machines read them: `read=5 accepted=2 …`."""
        return " ".join(f"{name}={number}" for name, number in self.counts().items())

    def counts(self) -> dict[str, int]:
        """The five counts by name, for a row or the trail."""
        return {name: getattr(self, name) for name in COUNTS}
