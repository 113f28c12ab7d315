"""Why a service of the store does not do what it was asked; views say it in words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.store.transitions import GuardError, TransitionRefusedError

__all__ = [
    "ChangedError",
    "ConflictOfInterestError",
    "GuardError",
    "LockedError",
    "NoMandateError",
    "SamePersonError",
    "TooSoonError",
    "TransitionRefusedError",
    "UnfinishedError",
    "UnknownRowError",
    "WrongValueError",
]


class UnknownRowError(Exception):
    """No such row for this person: unknown, of another publisher, or shut by a conflict of interest (404)."""


class ChangedError(Exception):
    """Somebody else was quicker: nothing was changed. `event` says what they did, `actor` is the id of their account
    or the name of a job, `at` when (S34).
    """

    def __init__(self, *, event: str, actor: str, at: datetime) -> None:
        super().__init__(f"{event} by {actor}")
        self.event = event
        self.actor = actor
        self.at = at


class SamePersonError(Exception):
    """This has to be done by somebody else than `part`: a code of who has acted before (STO-19, decisions.md 26)."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class ConflictOfInterestError(Exception):
    """The person has a link to the publisher, or has not declared that they have none (STO-18, RV-03)."""


class TooSoonError(Exception):
    """Asked for too often; `again_at` is when it is possible again."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(again_at.isoformat())
        self.again_at = again_at


class WrongValueError(Exception):
    """What was given does not fit; `field` and `reason` are codes."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class LockedError(Exception):
    """The dossier has been sent: nothing of it is saved any more, but for what is asked for (PU-07)."""


class UnfinishedError(Exception):
    """The service has a dossier that is not at an end: `candidacy_id`, of the same publisher (S32)."""

    def __init__(self, candidacy_id: UUID) -> None:
        super().__init__(str(candidacy_id))
        self.candidacy_id = candidacy_id


class NoMandateError(Exception):
    """Whoever wants to send the dossier has no mandate that runs and whose file is clean; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
