"""The one way to the content of a piece of evidence, for publishers and for the back office alike (PU-06, RV-04)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.access import AccessDeniedError, Actor, Role
from apps.files import services as files
from apps.files.models import StoredFile
from apps.store.models import Candidacy, Evidence
from apps.store.services import acting
from apps.store.services.errors import UnknownRowError


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A piece with its content, as it was sent."""

    evidence: Evidence
    data: bytes = field(repr=False)


def open_file(*, actor: Actor, evidence_id: UUID, at: datetime) -> Opened:
    """The content of one piece, old versions included, to somebody who sees its dossier; each opening is traced.

    Only what the antivirus has found clean is opened, by anybody (S35, SEC-11). Raises `UnknownRowError`,
    `FileNotReadableError` (waiting, infected, parked, destroyed), `FileGoneError`, `StoreUnavailableError`.
    """
    piece = piece_for(actor, evidence_id)
    stored = StoredFile.objects.select_related("vault").filter(pk=(piece.vault_id, piece.file_id)).first()
    if stored is None:
        raise files.FileGoneError(piece.file_id)
    data = files.read(stored)
    acting.trace(
        actor=actor, act="evidence.read", publisher_id=piece.publisher_id, target=f"evidence:{piece.id}", at=at,
        facts={"candidacy": str(piece.candidacy_id)},
    )  # fmt: skip
    return Opened(evidence=piece, data=data)


def piece_for(actor: Actor, evidence_id: UUID) -> Evidence:
    """One piece with its dossier, to be shown. Raises `UnknownRowError`: unknown, or of a dossier that is not seen."""
    require_reader(actor)
    rows = Evidence.objects.select_related("candidacy__service", "candidacy__publisher", "added_by")
    found = rows.filter(pk=evidence_id, candidacy__in=Candidacy.objects.visible_to(actor)).first()
    if found is None:
        raise UnknownRowError
    return found


def require_reader(actor: Actor) -> None:
    """A running member of the publisher, or somebody of the back office. Raises `UnknownRowError` for all others."""
    try:
        if actor.role is Role.PUBLISHER:
            acting.member_who_acts(actor)
        else:
            acting.reviewer_who_acts(actor)
    except AccessDeniedError as error:
        raise UnknownRowError from error
