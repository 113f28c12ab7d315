"""Words of the commands: one line a message, no value of a file in it (SEC-22)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.locks import LockTakenError
from apps.directory.extract import TitlesMissingError
from apps.directory.services import ExtractFailedError, ExtractShrunkError
from apps.directory.trust_list import TrustFault, TrustListError
from apps.formats.lines import FileFault, FileRefusedError

_TRUST_FAULTS = {
    TrustFault.UNREADABLE: gettext_lazy("The list is refused: it is not XML that a white list may be (%(reason)s)."),
    TrustFault.NO_LIST: gettext_lazy("The list is refused: the file is no white list of the trust space."),
    TrustFault.NO_DATE: gettext_lazy("The list is refused: its date of generation is missing or cannot be read."),
    TrustFault.EMPTY: gettext_lazy("The list is refused: it holds no domain."),
    TrustFault.FUTURE: gettext_lazy("The list is refused: its date is still to come."),
    TrustFault.EXPIRED: gettext_lazy("The list is refused: it has expired."),
    TrustFault.OLDER: gettext_lazy(
        "The list is refused: it is older than the present one. --force imports it all the same."
    ),
    TrustFault.SHRUNK: gettext_lazy(
        "The list is refused: %(gone)s of %(present)s domains are gone from it. --force imports it all the same."
    ),
}


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


def trust_error(error: TrustListError) -> str:
    """What stopped an import of the white list."""
    gone, _slash, present = error.detail.partition("/")
    return str(_TRUST_FAULTS[error.fault]) % {"reason": error.detail, "gone": gone, "present": present}
