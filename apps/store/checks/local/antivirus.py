"""What the antivirus said of each file (STO-102, REL-13)."""

from __future__ import annotations

from apps.files.models import StoredFile
from apps.store.checks.base import Finding, Subject, Tools
from apps.store.checks.findings import failed, in_trouble, passed, skipped
from apps.store.checks.local.contents import BLOCKED, file_of, ids
from apps.store.checks.local.reasons import Reason


class Antivirus:
    """Reads the verdict that is there. A file that still waits never passes: the check is tried again."""

    code = "antivirus"
    rule = "STO-102"
    version = 1
    criterion = ""  # those of the file
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return ids(subject.files)

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        file = file_of(target, subject)
        if file is None:
            return skipped(Reason.FILE_GONE)
        if file.state == StoredFile.State.CLEAN:
            return passed()
        return failed(Reason.VIRUS_FOUND) if file.state in BLOCKED else in_trouble(Reason.VIRUS_WAITING)
