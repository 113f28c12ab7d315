"""The files of a dossier as checks come by them: never before the antivirus has spoken (SEC-11, REL-13)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from apps.files.gateways.base import StoreUnavailableError
from apps.files.models import StoredFile
from apps.files.services import FileGoneError, FileNotReadableError
from apps.store.checks.base import FileFacts, Finding, Subject
from apps.store.checks.findings import in_trouble, skipped
from apps.store.checks.local.reasons import Reason

_State = StoredFile.State
BLOCKED = frozenset({_State.INFECTED.value, _State.DESTROYED.value})


def ids(files: tuple[FileFacts, ...]) -> tuple[str, ...]:
    """Targets of these files, in their order."""
    return tuple(dict.fromkeys(str(file.id) for file in files))


def file_of(target: str, subject: Subject) -> FileFacts | None:
    """The file that a target names; None once it is gone from the dossier."""
    try:
        wanted = UUID(target)
    except ValueError:
        return None
    return next((file for file in subject.files if file.id == wanted), None)


def looked_at(target: str, subject: Subject, look: Callable[[FileFacts, bytes], Finding]) -> Finding:
    """What `look` finds in the content of the file, or why it cannot be read."""
    file = file_of(target, subject)
    if file is None:
        return skipped(Reason.FILE_GONE)
    if file.state in BLOCKED:
        return skipped(Reason.FILE_BLOCKED)
    if file.state != _State.CLEAN:
        return in_trouble(Reason.FILE_WAITING)
    try:
        data = file.read()
    except (FileNotReadableError, FileGoneError, StoreUnavailableError):
        return in_trouble(Reason.FILE_AWAY)
    return look(file, data)
