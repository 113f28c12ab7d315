"""Relays of tests: they keep what they were handed, and fail as told."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.notifications.gateways.base import Letter


@dataclass(kw_only=True)
class Box:
    """Takes every letter; `faults` are raised one after the other first. `keeps`: a letter that failed was taken all
    the same.
    """

    simulated = True
    faults: list[Exception] = field(default_factory=list)
    keeps: bool = False
    letters: list[Letter] = field(default_factory=list)
    tries: int = 0

    def hand_over(self, letter: Letter) -> None:
        self.tries += 1
        fault = self.faults.pop(0) if self.faults else None
        if fault is None or self.keeps:
            self.letters.append(letter)
        if fault is not None:
            raise fault
