"""One step of a machine, as its caller states it, and why it may be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from apps.store.states import Event, ListingStatus, Party, Queue, Status


class TransitionRefusedError(Exception):
    """No line of the table allows it: `before` is the state, `event` what was tried, `by` whose hand it was."""

    def __init__(self, before: str, event: str, by: str) -> None:
        super().__init__(f"{before}: {event} by {by}")
        self.before = before
        self.event = event
        self.by = by


class GuardError(Exception):
    """The line is there, its conditions are not met: `missing` are codes of `reasons.GUARDS`."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens, by whose hand, when. `actor`: id of a user or name of a job.

    `target` where the table leaves a choice. `queue` and `due_at` where it is not the first of the state or not its
    usual term: the day of a session, the days that a request gives. `reasons`: codes of why a human has to look.
    """

    event: Event
    by: Party
    actor: str
    at: datetime
    reason: str = ""
    target: Status | ListingStatus | None = None
    queue: Queue | None = None
    due_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)
    snapshot_hash: str = ""
