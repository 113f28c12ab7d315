"""The one way to the content of a piece of evidence, for publishers and for the back office alike (PU-06, RV-04)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from apps.access import AccessDeniedError, Actor, Role
from apps.files import services as files
from apps.files.models import StoredFile
from apps.store.models import Candidacy, ConflictDeclaration, Evidence
from apps.store.services import acting, cases
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
    piece = piece_for(actor, evidence_id=evidence_id)
    stored = StoredFile.objects.select_related("vault").filter(pk=(piece.vault_id, piece.file_id)).first()
    if stored is None:
        raise files.FileGoneError(piece.file_id)
    data = files.read(stored)
    acting.trace(
        actor=actor, act="evidence.read", publisher_id=piece.publisher_id, target=f"evidence:{piece.id}", at=at,
        facts={"candidacy": str(piece.candidacy_id)},
    )  # fmt: skip
    return Opened(evidence=piece, data=data)


def piece_for(actor: Actor, *, evidence_id: UUID) -> Evidence:
    """One piece with its dossier, to be shown. Raises `UnknownRowError`: unknown, or of a dossier that is not seen."""
    rows = Evidence.objects.select_related("candidacy__service", "candidacy__publisher", "added_by")
    found = rows.filter(pk=evidence_id, candidacy__in=readable(actor)).first()
    if found is None:
        raise UnknownRowError
    return found


def readable(actor: Actor) -> QuerySet[Candidacy]:
    """Dossiers whose content this person reads now: those of their publisher, or those of the back office about which
    they have declared that they have no link (RV-03). Raises `UnknownRowError` for everybody else.
    """
    try:
        if actor.role is Role.PUBLISHER:
            acting.member_who_acts(actor)
            return Candidacy.objects.visible_to(actor)
        who = acting.reviewer_who_acts(actor)
    except AccessDeniedError as error:
        raise UnknownRowError from error
    declared = ConflictDeclaration.objects.filter(candidacy=OuterRef("pk"), user=who, has_link=False)
    return cases.visible(actor).filter(Exists(declared))
