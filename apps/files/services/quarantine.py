"""Files that nobody may read: those with a virus, and those that could not be checked (SEC-11, REL-07, REL-23).

An operator sees ids, states and reasons, never a content, a title or a name (SEC-19).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.access import AccessDeniedError, Actor
from apps.audit.services import Fact, Line, record
from apps.common.tasks import enqueue
from apps.files import policies, tasks
from apps.files.models import StoredFile

_State = StoredFile.State
_LISTED = (_State.INFECTED, _State.PARKED)


class NotInQuarantineError(Exception):
    """There is no such file, or it is in another state now."""


def in_quarantine(*, actor: Actor) -> QuerySet[StoredFile]:
    """Files that wait for an operator, longest first. Raises `AccessDeniedError`."""
    _require_operator(actor)
    return StoredFile.objects.filter(state__in=_LISTED).select_related("vault").order_by("received_at", "id")


def quarantined(*, actor: Actor, vault_id: UUID, file_id: UUID) -> StoredFile:
    """One of them. Raises `NotInQuarantineError`, `AccessDeniedError`."""
    file = in_quarantine(actor=actor).filter(pk=(vault_id, file_id)).first()
    if file is None:
        raise NotInQuarantineError(file_id)
    return file


@transaction.atomic
def check_again(*, actor: Actor, vault_id: UUID, file_id: UUID, at: datetime) -> StoredFile:
    """Have the antivirus look again, with five new tries: after an outage, or new virus definitions.

    The file stays unreadable until the verdict. Queued after the commit. Raises `NotInQuarantineError`,
    `AccessDeniedError`.
    """
    file = _locked(actor, vault_id, file_id)
    before: dict[str, Fact] = {"state": file.state, "reason": file.problem}
    file.state, file.attempts, file.problem, file.finding = _State.WAITING, 0, "", ""
    file.due_at = file.parked_at = file.scanned_at = None
    file.save(update_fields=["state", "attempts", "problem", "finding", "due_at", "parked_at", "scanned_at"])
    _record(actor, file, "files.object.check_again", before, at)
    enqueue(tasks.scan, vault_id=str(vault_id), file_id=str(file_id))
    return file


@transaction.atomic
def destroy(*, actor: Actor, vault_id: UUID, file_id: UUID, at: datetime) -> StoredFile:
    """Give up an infected file for good: its bytes are deleted after the commit, its row stays and says so.

    What could not be checked is not destroyed: it may be somebody's only copy. Raises `NotInQuarantineError`,
    `AccessDeniedError`.
    """
    file = _locked(actor, vault_id, file_id)
    if file.state != _State.INFECTED:
        raise NotInQuarantineError(file_id)
    file.state, file.destroyed_at = _State.DESTROYED, at
    file.save(update_fields=["state", "destroyed_at"])
    _record(actor, file, "files.object.destroy", {"state": _State.INFECTED.value}, at)
    enqueue(tasks.erase)
    return file


def _locked(actor: Actor, vault_id: UUID, file_id: UUID) -> StoredFile:
    _require_operator(actor)
    rows = StoredFile.objects.select_for_update(of=("self",)).select_related("vault")
    file = rows.filter(pk=(vault_id, file_id), state__in=_LISTED).first()
    if file is None:
        raise NotInQuarantineError(file_id)
    return file


def _require_operator(actor: Actor) -> None:
    decision = policies.may_keep_quarantine(actor)
    if not decision:
        raise AccessDeniedError(decision)


def _record(actor: Actor, file: StoredFile, action: str, facts: dict[str, Fact], at: datetime) -> None:
    line = Line(
        action=action,
        target=f"file:{file.id}",
        scope_id=file.vault.owner_id,
        decision=policies.MAY_KEEP_QUARANTINE,
        facts=facts,
    )
    record(actor=actor, at=at, line=line)
