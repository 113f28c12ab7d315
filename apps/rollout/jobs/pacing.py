"""Keeps the row of a file up to date while its job works, and ends the job in time (RO-02, decisions.md 18)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from apps.rollout.jobs.progress import Progress
from apps.rollout.models import ImportFile


class PausedError(Exception):
    """The time of this task is over: the next one goes on."""


class StoppedError(Exception):
    """Somebody stopped the file or gave it up."""


class Pacer:
    """A listener: writes how far the work is; raises when it must end here.

    What was committed before it raises stays. At least one step is committed, so that the work always comes forward.
    """

    def __init__(self, file: ImportFile, *, clock: Callable[[], datetime], seconds: float) -> None:
        self._file, self._clock = file, clock
        self._deadline = monotonic() + seconds
        self._phase, self._calls = "", 0

    def now(self) -> datetime:
        """The hour."""
        return self._clock()

    def __call__(self, progress: Progress) -> None:
        self._calls += 1
        if self._calls > 1 and monotonic() > self._deadline:
            raise PausedError
        rows = ImportFile.objects.filter(pk=self._file.pk, state=self._file.state)
        now = self._clock()
        values: dict[str, object] = {
            "done": progress.done,
            "total": progress.total,
            "items": progress.items,
            "progress_at": now,
            "reason": "",
        }
        if progress.phase != self._phase:
            self._phase = progress.phase
            values |= {"phase": progress.phase, "phase_at": now, "phase_from": progress.done}
            values["items_from"] = progress.items
        if not rows.update(**values):
            raise StoppedError
