"""The vault of evidence of a dossier: adding, replacing, describing, taking away (PU-06, STO-30)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.files import services as files
from apps.files.models import Vault
from apps.formats.mail.names import clean_line
from apps.store import subjects, transitions
from apps.store.models import Candidacy, Evidence
from apps.store.services import acting, drafting, evidence_door, uploads
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError
from apps.store.services.evidence_files import FileFault, FileRefusedError, Upload, name_of, type_of

__all__ = ["Description", "FileFault", "FileRefusedError", "Upload", "add", "describe", "remove", "replace"]

AT_MOST = 200  # pieces of one dossier [proposal]
TITLE_AT_MOST = 200
_FIELDS = ("use", "criteria", "title", "alternative", "issued_on", "valid_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What people say about a file. `criteria`: codes that it proves; `alternative`: text of a screenshot."""

    title: str
    use: str = Evidence.Use.EVIDENCE
    criteria: tuple[str, ...] = ()
    alternative: str = ""
    issued_on: date | None = None
    valid_until: date | None = None


@transaction.atomic
def add(*, actor: Actor, candidacy_id: UUID, upload: Upload, description: Description, at: datetime) -> Evidence:
    """Keep a file in the vault of the publisher; nobody reads it before the antivirus has.

    Sent twice with the same token it is one. Queued after the commit: the antivirus. Raises `UnknownRowError`,
    `AccessDeniedError`, `FileRefusedError`, `WrongValueError` (`door`: nothing is asked for; `criteria`, `alternative`,
    `title`), `StoreUnavailableError`.
    """
    acting.member_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    title = clean_line(description.title, limit=TITLE_AT_MOST)
    mine = Evidence.objects.filter(candidacy=candidacy, added_by_id=actor.user_id, size=len(upload.data), title=title)
    if (sent := acting.made_before(mine, token=upload.token)) is not None:
        return sent
    if not evidence_door.door_of(candidacy).is_open:
        raise WrongValueError("door", "closed")
    if subjects.current_evidence(candidacy).count() >= AT_MOST:
        raise FileRefusedError(FileFault.TOO_MANY)
    piece = _kept(actor, candidacy, upload, description, at)
    _traced(actor, piece, "evidence.add", at)
    return piece


@transaction.atomic
def replace(
    *, actor: Actor, evidence_id: UUID, seen: str, upload: Upload, description: Description, at: datetime
) -> Evidence:
    """A new version of a piece; the former one stays readable in the list of versions (STO-10). `seen`: as `describe`.

    Of a referenced service only certificates, each by one that proves the same and has its own end (STO-30).
    Raises what `add` raises; `ChangedError` when somebody has replaced or taken away this version meanwhile, or said
    something else about it.
    """
    candidacy, former = _to_change(actor, evidence_id)
    _require_seen(former, seen, at)
    if not evidence_door.door_of(candidacy).is_open:
        if description.valid_until is None:
            raise WrongValueError("valid_until", "missing")
        description = dataclasses.replace(description, use=former.use, criteria=tuple(former.criteria))
    piece = _kept(actor, candidacy, upload, description, at, replaces=former)
    former.removed_by_id, former.removed_at = actor.user_id, at
    former.save(update_fields=["removed_by", "removed_at"])
    _traced(actor, piece, "evidence.replace", at)
    return piece


@transaction.atomic
def describe(*, actor: Actor, evidence_id: UUID, seen: str, description: Description, at: datetime) -> Evidence:
    """Say something else about a piece that was not sent yet. `seen`: `mark_of` the piece as the page showed it.

    Raises `UnknownRowError`, `ChangedError`, `WrongValueError` (also `door`: it was sent), `AccessDeniedError`.
    """
    candidacy, piece = _to_change(actor, evidence_id)
    if not evidence_door.door_of(candidacy).lets_out(piece.added_at):
        raise WrongValueError("door", "sent")
    _require_seen(piece, seen, at)
    _checked(candidacy, description)
    if description.use in {Evidence.Use.LOGO, Evidence.Use.SCREENSHOT} and not piece.media_type.startswith("image/"):
        raise FileRefusedError(FileFault.NO_PICTURE)
    for name in _FIELDS:
        setattr(piece, name, getattr(description, name))
    piece.title = clean_line(description.title, limit=TITLE_AT_MOST)
    piece.criteria = list(description.criteria)
    piece.changed_by_id, piece.changed_at, piece.warned_at_days = actor.user_id, at, None
    piece.save(update_fields=[*_FIELDS, "changed_by", "changed_at", "warned_at_days"])
    _touched(candidacy, at)
    _traced(actor, piece, "evidence.describe", at)
    return piece


@transaction.atomic
def remove(*, actor: Actor, evidence_id: UUID, at: datetime) -> Evidence:
    """Take a piece out of the dossier before it is sent. Its row stays.

    Raises `UnknownRowError`, `ChangedError`, `WrongValueError` (`door`), `AccessDeniedError`.
    """
    candidacy, piece = _to_change(actor, evidence_id)
    if not evidence_door.door_of(candidacy).lets_out(piece.added_at):
        raise WrongValueError("door", "sent")
    piece.removed_by_id, piece.removed_at = actor.user_id, at
    piece.save(update_fields=["removed_by", "removed_at"])
    _touched(candidacy, at)
    _traced(actor, piece, "evidence.remove", at)
    return piece


def mark_of(piece: Evidence) -> str:
    """Of the words about a piece: changes whenever somebody changes them."""
    return piece.changed_at.isoformat() if piece.changed_at else ""


def _require_seen(piece: Evidence, seen: str, at: datetime) -> None:
    if seen != mark_of(piece):
        raise ChangedError(event="describe", actor=str(piece.changed_by_id or ""), at=piece.changed_at or at)


def _to_change(actor: Actor, evidence_id: UUID) -> tuple[Candidacy, Evidence]:
    """The dossier, its row locked, and the piece as it is now. The door has to be open."""
    acting.member_who_acts(actor)
    place = Evidence.objects.filter(pk=evidence_id).values_list("candidacy_id", flat=True).first()
    if place is None:
        raise UnknownRowError
    candidacy = acting.locked(actor, candidacy_id=place)
    piece = Evidence.objects.get(pk=evidence_id)
    if piece.removed_at is not None:
        event = "replace" if Evidence.objects.filter(replaces=piece).exists() else "remove"
        raise ChangedError(event=event, actor=str(piece.removed_by_id or ""), at=piece.removed_at)
    if not evidence_door.door_of(candidacy).lets_follow(piece.valid_until):
        raise WrongValueError("door", "closed")
    return candidacy, piece


def _kept(
    actor: Actor, candidacy: Candidacy, upload: Upload, description: Description, at: datetime,
    replaces: Evidence | None = None,
) -> Evidence:  # fmt: skip
    _checked(candidacy, description)
    media_type = type_of(upload, use=description.use)
    if uploads.is_too_much(publisher_id=candidacy.publisher_id, size=len(upload.data), at=at):
        raise FileRefusedError(FileFault.TOO_OFTEN)
    content = files.Content(data=upload.data, media_type=media_type)
    owner = Vault.Owner.ORGANISATION
    stored = files.store_for(owner_kind=owner, owner_id=candidacy.publisher_id, content=content, at=at)
    piece = Evidence.objects.create(
        id=acting.free_id(Evidence.objects.all(), wanted=upload.token), publisher_id=candidacy.publisher_id,
        candidacy=candidacy, use=description.use,
        criteria=list(description.criteria), title=clean_line(description.title, limit=TITLE_AT_MOST),
        alternative=description.alternative, name=name_of(upload.name, media_type=media_type), media_type=media_type,
        size=len(upload.data), sha256=stored.sha256, vault_id=stored.vault_id, file_id=stored.id,
        issued_on=description.issued_on, valid_until=description.valid_until, replaces=replaces,
        position=replaces.position if replaces else 0, added_by_id=drafting.author_of(actor), added_at=at,
    )  # fmt: skip
    _touched(candidacy, at)
    return piece


def _checked(candidacy: Candidacy, description: Description) -> None:
    if not clean_line(description.title, limit=TITLE_AT_MOST):
        raise WrongValueError("title", "empty")
    if description.use not in Evidence.Use.values:
        raise WrongValueError("use", "unknown")
    if not set(description.criteria) <= {criterion.code for criterion in subjects.criteria_of(candidacy)}:
        raise WrongValueError("criteria", "unknown")
    if description.use == Evidence.Use.SCREENSHOT and not description.alternative.strip():
        raise WrongValueError("alternative", "empty")
    issued, ends = description.issued_on, description.valid_until
    if issued is not None and ends is not None and ends < issued:
        raise WrongValueError("valid_until", "before-issue")


def _touched(candidacy: Candidacy, at: datetime) -> None:
    if evidence_door.door_of(candidacy).why is evidence_door.Why.DRAFT:
        transitions.touch(candidacy, at=at)


def _traced(actor: Actor, piece: Evidence, act: str, at: datetime) -> None:
    acting.trace(
        actor=actor, act=act, publisher_id=piece.publisher_id, target=f"evidence:{piece.id}", at=at,
        facts={"candidacy": str(piece.candidacy_id), "media_type": piece.media_type, "size": piece.size},
    )  # fmt: skip
