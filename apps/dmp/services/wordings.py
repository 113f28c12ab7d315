"""Search inside documents: what is planned, what is looked for, the place where it stands (D-01).

It adds to what a reader finds, never to what they may see: rows come by `visible_to` first (SEC-05).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from apps.access import Actor
from apps.audit.services import Line, record
from apps.dmp.models import Document, Wording
from apps.dmp.querysets import MAX_SEARCH_WORDS, Inside
from apps.files.blind import unseal_text, word_marks
from apps.files.crypto import TamperedError
from apps.files.keys import MasterKeyMissingError, VaultDestroyedError
from apps.files.models import StoredFile, Vault
from apps.formats.searching import Extract, extract, stems_of, words_of

SWEEP_AFTER = timedelta(minutes=1)
_CLOSED = (VaultDestroyedError, MasterKeyMissingError, TamperedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Where a search can look: `inside` is None when nothing was asked, when the space holds nothing, and, with
    `is_away`, when the key of its vault cannot be had now: then only the records were searched.
    """

    inside: Inside | None = None
    is_away: bool = False


def plan_wording(*, document: Document, at: datetime) -> None:
    """One row of work, in the transaction of the deposit."""
    Wording.objects.create(space_id=document.space_id, document_id=document.id, due_at=at + SWEEP_AFTER)


def plan_missing_wordings(*, at: datetime) -> int:
    """The same for documents that were filed before there was a search inside; the sweep queues them."""
    known = Wording.objects.filter(space_id=OuterRef("space_id"), document_id=OuterRef("id"))
    rows = Document.objects.filter(~Exists(known), file__state=StoredFile.State.CLEAN).order_by("space_id", "id")
    count = 0
    for space_id, document_id in rows.values_list("space_id", "id").iterator(chunk_size=1_000):
        Wording.objects.get_or_create(space_id=space_id, document_id=document_id, defaults={"due_at": at})
        count += 1
    return count


def look_inside(*, actor: Actor, words: str) -> Looked:
    """What `DocumentQuerySet.matching` needs to search contents of the actor's space; two queries at most."""
    vault = _vault_of(actor) if words else None
    if vault is None or actor.space_id is None:
        return Looked()
    try:
        return Looked(inside=Inside(space_id=actor.space_id, marks=word_marks(vault)))
    except _CLOSED:
        return Looked(is_away=True)


def extracts_of(*, actor: Actor, documents: Collection[Document], words: str, at: datetime) -> Mapping[UUID, Extract]:
    """The first place of each content where one of the words stands, by document; of the given documents only, which
    the caller has read by `visible_to`. Showing some leaves one line, without the words (SEC-13, SEC-22).
    """
    wanted = [stems_of(word) for word in list(words_of(words))[:MAX_SEARCH_WORDS]]
    readable = {document.id for document in documents if document.file.is_readable}
    vault = _vault_of(actor) if wanted and readable else None
    if vault is None:
        return {}
    rows = Wording.objects.filter(space_id=actor.space_id, document_id__in=readable, sealed__isnull=False)
    found: dict[UUID, Extract] = {}
    for row in rows.defer("marks").order_by("id"):
        try:
            text = unseal_text(vault=vault, bound_to=row.bound_to, sealed=bytes(row.sealed or b""))
        except _CLOSED:
            continue
        if (place := extract(text, wanted)) is not None:
            found[row.document_id] = place
    if found:
        record(actor=actor, at=at, line=Line(action="dmp.document.search"))
    return found


def _vault_of(actor: Actor) -> Vault | None:
    owner = actor.space_id
    return Vault.objects.filter(owner_kind=Vault.Owner.SPACE, owner_id=owner).first() if owner else None
