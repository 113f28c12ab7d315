"""What operators do with eligibility files: bring, confirm, agree to, stop, go on with, give up (RO-02, SEC-21)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.access import Actor
from apps.audit.services import Fact, Line, record
from apps.common.ids import uuid7
from apps.common.locks import LockTakenError, advisory_lock
from apps.common.tasks import enqueue
from apps.rollout import policies, tasks
from apps.rollout.jobs import folder, runs
from apps.rollout.jobs.folder import FileMissingError, Kept
from apps.rollout.models import ImportFile, ImportRun
from apps.rollout.services.acting import person_who_acts
from apps.rollout.services.errors import SamePersonError

__all__ = ["FileMissingError"]
State = ImportFile.State


class ChecksumError(Exception):
    """The file is not the one whose checksum was typed; `sha256` is that of the file that came."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256


class AlreadyThereError(Exception):
    """The same file is on its way: `file_id`."""

    def __init__(self, file_id: UUID) -> None:
        super().__init__(str(file_id))
        self.file_id = file_id


class AlreadyImportedError(Exception):
    """The last import was of this very file, on `at`: nothing would change."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


class UnknownFileError(Exception):
    """No such file."""


class WrongStateError(Exception):
    """The file has moved on: this is not done any more, or not yet."""


class NotCompleteError(Exception):
    """A file with refused lines cannot say who is gone: their people would be taken out."""


class HalfWrittenError(Exception):
    """Lines of the file are in the register already: it must be finished."""


class AtWorkError(Exception):
    """The job has not halted yet, or an opening is at work: nobody can say what is written."""


def bring_upload(*, actor: Actor, name: str, blocks: Iterable[bytes], sha256: str, at: datetime) -> ImportFile:
    """Keep an uploaded file and have it tried; `sha256` is what the operator typed, or empty.

    Raises `ChecksumError`, `AlreadyThereError`, `AlreadyImportedError`, `OSError`: nothing of the file stays.
    """
    person_who_acts(actor, roles=policies.RUNS)
    file_id = uuid7()
    kept = folder.keep(file_id=file_id, blocks=blocks)
    file = ImportFile(id=file_id, name=name[:200], source=ImportFile.Source.UPLOAD)
    try:
        return _bring(actor, file, kept, sha256, at)
    except BaseException:
        file.path = kept.path
        folder.forget(file)
        raise


def bring_server_file(*, actor: Actor, name: str, sha256: str, at: datetime) -> ImportFile:
    """Have a file of the folder tried; it stays where it is.

    Raises `FileMissingError`, `ChecksumError`, `AlreadyThereError`, `AlreadyImportedError`.
    """
    person_who_acts(actor, roles=policies.RUNS)
    file = ImportFile(name=name[:200], source=ImportFile.Source.SERVER)
    return _bring(actor, file, folder.measure(name), sha256, at)


@transaction.atomic
def confirm(*, actor: Actor, file_id: UUID, is_complete: bool, at: datetime) -> ImportFile:
    """Have the file written, or ask for a second person when it needs one.

    `is_complete`: people of its departments whom it does not name are no longer eligible; only when no line was
    refused. Raises `UnknownFileError`, `WrongStateError`, `NotCompleteError`.
    """
    person = person_who_acts(actor, roles=policies.RUNS)
    file = _locked(file_id, State.TRIED)
    if is_complete and file.refused:
        raise NotCompleteError
    file.is_complete = is_complete
    file.confirmed_by_id, file.confirmed_at = person, at
    file.state = State.ASKED if file.needs_second_person else State.RUNNING
    file.phase, file.phase_at, file.progress_at = "", None, None
    file.save()
    _record(actor, file, "confirm", at, refused=file.refused, read=file.read, complete=is_complete)
    _carry_on(file)
    return file


@transaction.atomic
def approve(*, actor: Actor, file_id: UUID, at: datetime) -> ImportFile:
    """The second person agrees: the file is written.

    Raises `UnknownFileError`, `WrongStateError`, `SamePersonError`.
    """
    person = person_who_acts(actor, roles=policies.APPROVES)
    file = _locked(file_id, State.ASKED)
    if person == file.confirmed_by_id:
        raise SamePersonError
    file.state, file.approved_by_id, file.approved_at = State.RUNNING, person, at
    file.save(update_fields=["state", "approved_by", "approved_at"])
    _record(actor, file, "approve", at, refused=file.refused, read=file.read, complete=file.is_complete)
    _carry_on(file)
    return file


@transaction.atomic
def stop(*, actor: Actor, file_id: UUID, at: datetime) -> ImportFile:
    """Halt the writing at its next step, within seconds; openings wait until it goes on (decisions.md 31).

    Raises `UnknownFileError`, `WrongStateError`.
    """
    person_who_acts(actor, roles=policies.RUNS)
    file = _locked(file_id, State.RUNNING)
    file.state, file.reason = State.STOPPED, ""
    file.save(update_fields=["state", "reason"])
    _record(actor, file, "stop", at)
    return file


@transaction.atomic
def resume(*, actor: Actor, file_id: UUID, at: datetime) -> ImportFile:
    """Go on where it stopped. Raises `UnknownFileError`, `WrongStateError`."""
    person_who_acts(actor, roles=policies.RUNS)
    file = _locked(file_id, State.STOPPED)
    file.state, file.reason, file.progress_at = State.RUNNING, "", None
    file.save(update_fields=["state", "reason", "progress_at"])
    _record(actor, file, "resume", at)
    _carry_on(file)
    return file


def abandon(*, actor: Actor, file_id: UUID, at: datetime) -> ImportFile:
    """Give the file up; an uploaded one is deleted, and what was taken in of it is forgotten.

    Raises `UnknownFileError`, `WrongStateError`, `HalfWrittenError`, `AtWorkError`.
    """
    person_who_acts(actor, roles=policies.RUNS)
    if not ImportFile.objects.filter(pk=file_id, state=State.STOPPED).exists():
        return _abandon(actor, file_id, at, State.TRYING, State.TRIED, State.ASKED)
    try:
        with advisory_lock(runs.LOCK, wait=False):
            return _abandon(actor, file_id, at, State.STOPPED)
    except LockTakenError:
        raise AtWorkError from None


@transaction.atomic
def _abandon(actor: Actor, file_id: UUID, at: datetime, *states: State) -> ImportFile:
    file = _locked(file_id, *states)
    if file.state == State.STOPPED:
        _end_run(file, at)
    file.state, file.ended_at, file.sample = State.ABANDONED, at, []
    file.save(update_fields=["state", "ended_at", "sample"])
    _record(actor, file, "abandon", at)
    transaction.on_commit(lambda: folder.forget(file))
    return file


def _end_run(file: ImportFile, at: datetime) -> None:
    """Lines that wait to be written would be written before those of the next file."""
    run = ImportRun.objects.filter(sha256=file.sha256, state=ImportRun.State.RUNNING).first()
    if run is None:
        return
    if runs.has_written(run):
        raise HalfWrittenError
    runs.end(run, state=ImportRun.State.INTERRUPTED, reason="abandoned", at=at)


@transaction.atomic
def _bring(actor: Actor, file: ImportFile, kept: Kept, sha256: str, at: datetime) -> ImportFile:
    if sha256 and sha256.lower() != kept.sha256:
        raise ChecksumError(kept.sha256)
    _refuse_known(kept.sha256)
    last = ImportRun.objects.filter(state=ImportRun.State.DONE).order_by("-finished_at", "-id").first()
    if last is not None and last.sha256 == kept.sha256 and last.finished_at is not None:
        raise AlreadyImportedError(last.finished_at)
    file.path, file.sha256, file.size = kept.path, kept.sha256, kept.size
    file.brought_by_id, file.brought_at = person_who_acts(actor, roles=policies.RUNS), at
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError:  # brought twice at the same time (S27)
        _refuse_known(kept.sha256)
        raise
    _record(actor, file, "bring", at, size=file.size, source=file.source)
    _carry_on(file)
    return file


def _refuse_known(sha256: str) -> None:
    known = ImportFile.objects.filter(sha256=sha256, ended_at=None).first()
    if known is not None:
        raise AlreadyThereError(known.id)


def _locked(file_id: UUID, *states: State) -> ImportFile:
    file = ImportFile.objects.select_for_update(of=("self",)).filter(pk=file_id).first()
    if file is None:
        raise UnknownFileError
    if file.state not in states:
        raise WrongStateError
    return file


def _carry_on(file: ImportFile) -> None:
    if file.is_at_work:
        enqueue(tasks.carry_on_imports)


def _record(actor: Actor, file: ImportFile, act: str, at: datetime, **facts: Fact) -> None:
    line = Line(
        action=f"rollout.import.{act}",
        target=f"import:{file.id}",
        decision=policies.MAY_RUN,
        facts={"sha256": file.sha256, **facts},
    )
    record(actor=actor, at=at, line=line)
