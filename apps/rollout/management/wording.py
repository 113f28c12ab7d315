"""Words of the commands: one line a message, no value of a file in it (SEC-22)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from apps.common.dates import PARIS
from apps.common.locks import LockTakenError
from apps.formats.lines import FileFault, FileRefusedError
from apps.rollout.services import ImportFailedError


def import_error(error: Exception) -> str:
    """What stopped an import."""
    match error:
        case FileRefusedError():
            return _file_fault(error.fault, ", ".join(error.details))
        case LockTakenError():
            return _("Another import or opening is running: start again when it has ended.")
        case ImportFailedError():
            return _("The database refused the import (%(code)s); nothing was written.") % {"code": error.code}
        case _:
            return _("The file cannot be read: %(reason)s") % {"reason": getattr(error, "strerror", None) or "?"}


def _file_fault(fault: FileFault, columns: str) -> str:
    words = {
        FileFault.EMPTY: _("The file is refused: it is empty."),
        FileFault.ENCODING: _("The file is refused: it is not UTF-8."),
        FileFault.COLUMNS_MISSING: _("The file is refused: columns are missing: %(columns)s"),
        FileFault.COLUMNS_TWICE: _("The file is refused: columns stand there twice: %(columns)s"),
        FileFault.ENDLESS_LINE: _("The file is refused: it has a line that does not end."),
    }
    return words[fault] % {"columns": columns}


def instant(text: str) -> datetime:
    """An ISO instant; without a zone it is Paris time. Raises `ValueError`."""
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=PARIS)
