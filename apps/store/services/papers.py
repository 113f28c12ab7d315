"""Papers of the State in a dossier: notices of decisions, the agreement; read by publishers and the back office."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor, Role
from apps.files import services as files
from apps.files.models import StoredFile
from apps.store.models import Agreement, Candidacy, Decision
from apps.store.services import acting
from apps.store.services.errors import UnknownRowError
from apps.store.services.evidence_reading import readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A PDF, and the number of the dossier it belongs to."""

    number: str
    data: bytes = field(repr=False)


def open_notice(*, actor: Actor, decision_id: UUID, at: datetime) -> Paper:
    """The notice of one decision; the publisher gets it once it is notified. Each opening is traced.

    Raises `UnknownRowError`, `FileNotReadableError`, `FileGoneError`, `StoreUnavailableError`.
    """
    rows = Decision.objects.select_related("candidacy").filter(candidacy__in=readable(actor))
    decision = rows.filter(pk=decision_id, file_id__isnull=False, vault_id__isnull=False).first()
    if decision is None or (actor.role is Role.PUBLISHER and decision.notified_at is None):
        raise UnknownRowError
    data = _bytes(decision.vault_id, decision.file_id)
    _traced(actor, decision.candidacy, "notice.read", f"decision:{decision.id}", at)
    return Paper(number=decision.candidacy.number, data=data)


def open_agreement(*, actor: Actor, candidacy_id: UUID, at: datetime) -> Paper:
    """The agreement of a dossier, before and after it is signed. Raises what `open_notice` raises."""
    rows = Agreement.objects.select_related("candidacy").filter(candidacy__in=readable(actor))
    agreement = rows.filter(candidacy_id=candidacy_id, superseded_at=None).first()
    if agreement is None:
        raise UnknownRowError
    data = _bytes(agreement.vault_id, agreement.file_id)
    _traced(actor, agreement.candidacy, "agreement.read", f"agreement:{agreement.id}", at)
    return Paper(number=agreement.candidacy.number, data=data)


@transaction.atomic
def note_reading(*, actor: Actor, candidacy: Candidacy, at: datetime) -> None:
    """The publisher has a notified decision before their eyes: the first time is kept, each time is traced (PU-10)."""
    if actor.role is not Role.PUBLISHER:
        return
    told = Decision.objects.filter(candidacy=candidacy, notified_at__isnull=False)
    for decision_id, read_at in told.order_by("notified_at", "id").values_list("pk", "first_read_at"):
        if read_at is None:
            Decision.objects.filter(pk=decision_id, first_read_at=None).update(first_read_at=at)
        _traced(actor, candidacy, "decision.read", f"decision:{decision_id}", at)


def _bytes(vault_id: UUID | None, file_id: UUID | None) -> bytes:
    stored = StoredFile.objects.select_related("vault").filter(pk=(vault_id, file_id)).first()
    if stored is None:
        raise files.FileGoneError(file_id)
    return files.read(stored)


def _traced(actor: Actor, candidacy: Candidacy, act: str, target: str, at: datetime) -> None:
    acting.trace(actor=actor, act=act, publisher_id=candidacy.publisher_id, target=target, at=at)
