"""A file that the holder's side adds to the record (DMP-50 to DMP-56)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor
from apps.accounts.models import InsIdentity
from apps.dmp import policies
from apps.dmp.models import Document
from apps.dmp.services.deposit import Deposit, Visibility, add_document
from apps.dmp.services.errors import DepositRefusedError, DocumentNotFoundError, Refusal
from apps.dmp.services.visibility import hide_document, unhide_document
from apps.formats import media
from apps.formats.cda.wrapping import Person, Wrapped, write_level_one

TITLE_AT_MOST = 50  # DMP-50
FILE_AT_MOST = 5_000_000  # bytes, DMP-51
MEDIA_TYPES = frozenset({media.PDF, media.JPEG, media.PNG, media.TIFF, media.RTF, media.TEXT})
# The type of each category that people may choose (DMP-54).
TYPES = {
    "SYNTHESE": "DOCPAT01",
    "ORD_SOIN": "DOCPAT02",
    "CPT_REND": "DOCPAT03",
    "RADIO_SC": "DOCPAT04",
    "BIOLOGIE": "DOCPAT05",
    "DEPISTAG": "DOCPAT06",
    "CERT_MED": "DOCPAT07",
    "DOC_ADM": "DOCPAT09",
    "AUTR_DOC": "EXPPAT_2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """A file and what its owner says of it. `key` makes its identifier: the same key is the same document."""

    key: UUID
    title: str = field(repr=False)
    dated: date
    category: str
    media_type: str
    content: bytes = field(repr=False)


@transaction.atomic
def add_file(*, actor: Actor, file: OwnFile, hidden: bool, at: datetime) -> Document:
    """File it as a document of the holder's own, whose author is the holder.

    Raises `DepositRefusedError` (`file-type`, `too-large` and what a deposit raises), `AccessDeniedError`.
    """
    policies.may_add(actor).required()
    if file.media_type not in MEDIA_TYPES or file.category not in TYPES:
        raise DepositRefusedError(Refusal(code="file-type"))
    if len(file.content) > FILE_AT_MOST:
        raise DepositRefusedError(Refusal(code="too-large", detail=str(FILE_AT_MOST)))
    wrapped = Wrapped(
        unique_id=f"2.25.{file.key.int}",
        type_code=TYPES[file.category],
        title=file.title[:TITLE_AT_MOST],
        dated=file.dated,
        written_at=at,
        media_type=file.media_type,
        content=file.content,
        person=_person(actor),
    )
    return put(actor=actor, data=write_level_one(wrapped), hidden=hidden, at=at)


@transaction.atomic
def put(
    *,
    actor: Actor,
    data: bytes,
    hidden: bool,
    labels: frozenset[Visibility] = frozenset(),
    at: datetime,
) -> Document:
    """Deposit a CDA for the holder's side, as visible to professionals as they chose: their word beats the default of
    the space, which counts for what comes by itself (ACC-32).

    Raises what a deposit raises; `DocumentNotFoundError` when the same document is there already and kept from the
    actor (SEC-05).
    """
    kept = labels - {Visibility.HIDDEN_FROM_PROFESSIONALS}
    document = add_document(actor=actor, deposit=Deposit(data=data, visibility=kept), at=at)
    if not Document.objects.visible_to(actor).filter(id=document.id).exists():
        raise DocumentNotFoundError(document.id)
    if hidden:
        return hide_document(actor=actor, document_id=document.id, at=at)
    return unhide_document(actor=actor, document_id=document.id, at=at) if document.is_hidden else document


def _person(actor: Actor) -> Person:
    identity = InsIdentity.objects.filter(space=actor.space_id).first()
    if identity is None:
        raise AccessDeniedError(policies.SPACE_NOT_OPEN)
    return Person(
        authority=identity.authority,
        number=identity.ins_number + identity.ins_key,
        family=identity.birth_family_name,
        given_names=identity.birth_given_names,
        first_given=identity.first_given_name,
        sex=identity.sex,
        born=identity.birth_date,
    )
