"""A document that its author asks back (DMP-06, DMP-67): the record stays, the content is served to nobody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor
from apps.audit.services import Fact, Line, record
from apps.common.ids import uuid7
from apps.dmp import policies, telling
from apps.dmp.models import Document, Wording
from apps.dmp.services.deposit import is_same_author
from apps.dmp.services.errors import DepositRefusedError, DocumentNotFoundError, Refusal
from apps.dmp.services.record import source_of
from apps.formats.cda.reader import read_cda
from apps.formats.errors import UnreadableInputError
from apps.spaces.models import HealthSpace


@transaction.atomic
def withdraw_document(*, actor: Actor, request: bytes, at: datetime) -> Document:
    """Withdraw the document that this one is, as its author sends it again with the request; twice is once.

    Raises `DocumentNotFoundError`; `DepositRefusedError` with 900 when a later version is there, 901 when neither
    author nor organisation are those of the record, or why the request cannot be read; `AccessDeniedError`.
    """
    decision, space_id = policies.may_withdraw(actor).required(), actor.space_id
    if space_id is None or not HealthSpace.objects.select_for_update(of=("self",)).get(pk=space_id).is_open:
        raise AccessDeniedError(policies.SPACE_NOT_OPEN)
    document = _asked_back(space_id, request)
    if document.availability == Document.Availability.DELETED:
        return document
    document.availability, document.entry_id = Document.Availability.DELETED, uuid7()  # DMP-02
    document.save(update_fields=["availability", "entry_id"])
    Wording.objects.filter(space_id=space_id, document_id=document.id).delete()  # served to nobody: nor are extracts
    facts: dict[str, Fact] = {"type": document.type_code, "version": document.version_number}
    line = Line(action="dmp.document.withdraw", target=f"document:{document.id}", decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
    telling.tell_of_withdrawal(document=document, at=at)
    return document


def _asked_back(space_id: UUID, request: bytes) -> Document:
    try:
        source = source_of(data=request, cda=read_cda(request))
    except UnreadableInputError as error:
        raise DepositRefusedError(Refusal(code=str(error.code), detail=error.detail)) from error
    rows = Document.objects.select_for_update(of=("self",)).filter(space_id=space_id)
    document = rows.filter(unique_id=source.metadata.unique_id or "").first()
    if document is None:
        raise DocumentNotFoundError(space_id)
    if not is_same_author(document=document, source=source):
        raise DepositRefusedError(Refusal(code="901"))
    if document.availability == Document.Availability.DEPRECATED:
        raise DepositRefusedError(Refusal(code="900"))
    return document
