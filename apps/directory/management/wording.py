"""Words of the commands: one line a message, no value of a file in it (SEC-22)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.common.locks import LockTakenError
from apps.directory.extract import TitlesMissingError
from apps.directory.services import ExtractFailedError, ExtractShrunkError
from apps.formats.lines import FileFault, FileRefusedError


def import_error(error: Exception) -> str:
    """What stopped an import of the directory."""
    match error:
        case TitlesMissingError():
            return _("The file is refused: columns are missing: %(columns)s") % {"columns": ", ".join(error.titles)}
        case FileRefusedError():
            return _file_fault(error.fault)
        case ExtractShrunkError():
            return _(
                "The file is refused: %(leaving)d of %(active)d active professionals are gone from it. "
                "--force imports it all the same."
            ) % {"leaving": error.leaving, "active": error.active}
        case LockTakenError():
            return _("Another import is running: start again when it has ended.")
        case ExtractFailedError():
            return _("The database refused the import (%(code)s); nothing was written.") % {"code": error.code}
        case _:
            return _("The file cannot be read: %(reason)s") % {"reason": getattr(error, "strerror", None) or "?"}


def _file_fault(fault: FileFault) -> str:
    match fault:
        case FileFault.EMPTY:
            return _("The file is refused: it is empty.")
        case FileFault.PACKED:
            return _("The file is refused: it is compressed or a workbook.")
        case FileFault.ENDLESS_LINE:
            return _("The file is refused: it has a line that does not end.")
        case _:
            return _("The file is refused: it is not UTF-8.")
