"""Search inside documents: what is planned, what is looked for, the place where it stands (D-01).

It adds to what a reader finds, never to what they may see: rows come by `visible_to` first (SEC-05).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Exists, OuterRef

from apps.access import Actor
from apps.audit.services import Line, record
from apps.dmp.models import Document, Wording
from apps.dmp.querysets import MAX_SEARCH_WORDS, Inside
from apps.files.blind import CLOSED, words_of_vault
from apps.files.crypto import TamperedError
from apps.files.models import StoredFile, Vault
from apps.formats.searching import Extract, extract, stems_of, words_of

SWEEP_AFTER = timedelta(minutes=1)
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What is looked for and where: `inside` is None when nothing was asked, when the space holds nothing, and, with
    `is_away`, when the key of its vault cannot be had now: then only the records are searched.
    """

    words: str
    inside: Inside | None = None
    is_away: bool = False


def plan_wording(*, document: Document, at: datetime) -> None:
    """One row of work, in the transaction of the deposit."""
    Wording.objects.create(space_id=document.space_id, document_id=document.id, due_at=at + SWEEP_AFTER)


def plan_missing_wordings(*, at: datetime) -> int:
    """The same for documents that were filed before there was a search inside; the sweep queues them."""
    known = Wording.objects.filter(space_id=OuterRef("space_id"), document_id=OuterRef("id"))
    rows = Document.objects.filter(~Exists(known), file__state=StoredFile.State.CLEAN).order_by("space_id", "id")
    keys, count = rows.values_list("space_id", "id").iterator(chunk_size=_AT_ONCE), 0
    while some := list(islice(keys, _AT_ONCE)):
        made = [Wording(space_id=space_id, document_id=document_id, due_at=at) for space_id, document_id in some]
        Wording.objects.bulk_create(made, ignore_conflicts=True)  # a deposit may have been faster
        count += len(made)
    return count


def look_inside(*, actor: Actor, words: str) -> Looked:
    """Open the vault of the actor's space for a search; one query, none without words."""
    space_id = actor.space_id
    vault = (
        Vault.objects.filter(owner_kind=Vault.Owner.SPACE, owner_id=space_id).first() if words and space_id else None
    )
    if vault is None or space_id is None:
        return Looked(words=words)
    try:
        return Looked(words=words, inside=Inside(space_id=space_id, words=words_of_vault(vault)))
    except CLOSED:
        return Looked(words=words, is_away=True)


def extracts_of(
    *, actor: Actor, documents: Collection[Document], looked: Looked, at: datetime
) -> Mapping[UUID, Extract]:
    """The first place of each content where one of the words stands, by document; of the given documents only, which
    the caller has read by `visible_to`. Showing some leaves one line, without the words (SEC-13, SEC-22).
    """
    wanted = [stems_of(word) for word in list(words_of(looked.words))[:MAX_SEARCH_WORDS]]
    readable = {document.id for document in documents if document.file.is_readable}
    if looked.inside is None or not wanted or not readable:
        return {}
    rows = Wording.objects.filter(space_id=looked.inside.space_id, document_id__in=readable, sealed__isnull=False)
    found: dict[UUID, Extract] = {}
    for row in rows.defer("marks", "figures").order_by("id"):
        try:
            text = looked.inside.words.unseal(bytes(row.sealed or b""), bound_to=row.bound_to)
        except TamperedError:
            continue
        if (place := extract(text, wanted)) is not None:
            found[row.document_id] = place
    if found:
        record(actor=actor, at=at, line=Line(action="dmp.document.search"))
    return found
