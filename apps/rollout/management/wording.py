"""Words of the commands: one line a message, no value of a file in it (SEC-22)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from apps.common.dates import PARIS
from apps.common.locks import LockTakenError
from apps.formats.lines import FileFault, FileRefusedError
from apps.rollout.jobs.progress import Progress
from apps.rollout.services import (
    ImportFailedError,
    ImportInterruptedError,
    TooManyFailuresError,
    UnfinishedImportError,
)

SECONDS_BETWEEN = 5


def import_error(error: Exception) -> str:
    """What stopped an import."""
    match error:
        case FileRefusedError():
            return _file_fault(error.fault, ", ".join(error.details))
        case LockTakenError():
            return _("Another import or opening is running: start again when it has ended.")
        case UnfinishedImportError():
            return _("The import of %(file)s stopped while it wrote: import that file again first.") % {
                "file": error.file_name
            }
        case ImportInterruptedError():
            return _("The database stopped the import (%(code)s): start it again, it goes on from there.") % {
                "code": error.code
            }
        case ImportFailedError():
            return _("The database refused the import (%(code)s); nothing was written.") % {"code": error.code}
        case _:
            return _("The file cannot be read: %(reason)s") % {"reason": getattr(error, "strerror", None) or "?"}


def opening_error(error: Exception) -> str:
    """What stopped an opening."""
    if isinstance(error, TooManyFailuresError):
        return _("Too many openings failed, nobody else was marked: look for the fault before you start it again.")
    return import_error(error)


def _file_fault(fault: FileFault, columns: str) -> str:
    words = {
        FileFault.EMPTY: _("The file is refused: it is empty."),
        FileFault.PACKED: _("The file is refused: it is compressed or a workbook."),
        FileFault.ENCODING: _("The file is refused: it is not UTF-8."),
        FileFault.COLUMNS_MISSING: _("The file is refused: columns are missing: %(columns)s"),
        FileFault.COLUMNS_TWICE: _("The file is refused: columns stand there twice: %(columns)s"),
        FileFault.ENDLESS_LINE: _("The file is refused: it has a line that does not end."),
        FileFault.CHANGED: _("The file is refused: it is no longer the one that was checked."),
    }
    return words[fault] % {"columns": columns}


class Ticker:
    """Says on a stream, every few seconds, how far the work is, how fast it goes and when it will end.

    `clock` gives seconds that only grow; `now` the hour.
    """

    def __init__(
        self, write: Callable[[str], object], *, clock: Callable[[], float], now: Callable[[], datetime]
    ) -> None:
        self._write, self._clock, self._now = write, clock, now
        self._phase, self._began, self._said = "", 0.0, 0.0
        self._from, self._items = 0, 0

    def __call__(self, progress: Progress) -> None:
        seconds = self._clock()
        if progress.phase != self._phase:
            self._phase, self._began, self._said = progress.phase, seconds, seconds
            self._from, self._items = progress.done, progress.items
        elif seconds - self._said >= SECONDS_BETWEEN:
            self._said = seconds
            self._write(self._words(progress, seconds - self._began))

    def _words(self, progress: Progress, elapsed: float) -> str:
        rate = (progress.items - self._items) / elapsed
        left = elapsed * (progress.total - progress.done) / max(progress.done - self._from, 1)
        ends = (self._now() + timedelta(seconds=left)).astimezone(PARIS)
        return _("%(phase)s: %(percent)d %%, %(items)d done, %(rate)d a second, ends about %(hour)s") % {
            "phase": _phase(progress.phase),
            "percent": 100 * progress.done // max(progress.total, 1),
            "items": progress.items,
            "rate": rate,
            "hour": f"{ends:%H:%M:%S}",
        }


def _phase(phase: str) -> str:
    return {"reading": _("reading the file"), "writing": _("writing"), "opening": _("opening the spaces")}[phase]


def instant(text: str) -> datetime:
    """An ISO instant; without a zone it is Paris time. Raises `ValueError`."""
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=PARIS)
