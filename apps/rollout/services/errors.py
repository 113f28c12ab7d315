"""Why an act on a wave, a stop or an export is not done; views find the words."""

from __future__ import annotations


class UnknownWaveError(Exception):
    """No such wave, or none about which this may be done."""


class SamePersonError(Exception):
    """The second step asks for somebody else than the first one (SEC-20, SEC-21)."""


class NotAskedError(Exception):
    """The second step without the first one: nobody has asked yet."""


class WaveChangedError(Exception):
    """Somebody changed the wave after the page was opened (REL-21)."""


class WrongStateError(Exception):
    """The wave is in a state in which this is not done; `state` is it."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NobodyMeantError(Exception):
    """Nobody free meets the criteria."""


class NoCapacityError(Exception):
    """Notices of one way would wait for ever: it has no capacity or next to none."""


class StillReleasingError(Exception):
    """People of the wave as it was before are still being let go."""
