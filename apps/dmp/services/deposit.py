"""The one door for documents: bytes of a CDA in, a row with XDS metadata out (DMP-01 to DMP-28, DMP-80 to DMP-91)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.access import AccessDeniedError, Actor, Decision
from apps.accounts.models import InsIdentity
from apps.accounts.patients import identity_fault
from apps.audit.services import Fact, Line, record
from apps.common.dates import one_month_after
from apps.common.ids import uuid7
from apps.dmp import policies, telling
from apps.dmp.models import Document, SubmissionSet
from apps.dmp.services.errors import DepositRefusedError, Refusal
from apps.dmp.services.record import Source, columns_of, source_of
from apps.dmp.services.renditions import plan_renditions
from apps.dmp.services.wordings import plan_wording
from apps.files import services as files
from apps.formats.cda.reader import read_cda
from apps.formats.errors import UnreadableInputError
from apps.formats.media import XML
from apps.spaces.majority import is_minor
from apps.spaces.models import HealthSpace

_LAST_VERSION = 1_000_000  # far below what the column holds: a successor counts on from here


class Visibility(StrEnum):
    """Labels of TRE_A07 that a producer may set beside N, R or V (DMP-15, ACC-30)."""

    HIDDEN_FROM_PROFESSIONALS = "MASQUE_PS"
    INVISIBLE_TO_PATIENT = "INVISIBLE_PATIENT"
    INVISIBLE_TO_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """One CDA R2 document as bytes, with the labels its producer sets; they live in the record only (DMP-16)."""

    data: bytes
    visibility: frozenset[Visibility] = frozenset()


def deposit_document(*, actor: Actor, deposit: Deposit, at: datetime) -> Document:
    """File a document in the actor's space; the same document twice is the same row.

    Returns the row. The original bytes are kept unaltered; nobody reads them before the antivirus check. A version that
    replaces another takes over its visibility, folder and pin, and makes it obsolete (DMP-03, DMP-05).
    Raises `DepositRefusedError`, `AccessDeniedError`: nothing was stored, and a line in the trail says why (IDN-53).
    Source: docs/domain/documents.md; DMP-35, DMP-36, DMP-83; ACC-05, ACC-32, ACC-34.
    """
    return _traced(actor, deposit, policies.may_deposit(actor), at)


def add_document(*, actor: Actor, deposit: Deposit, at: datetime) -> Document:
    """The same door for the holder's side: what it was sent, and what it wrote itself (DMP-50, MSS-55)."""
    return _traced(actor, deposit, policies.may_add(actor), at)


def _traced(actor: Actor, deposit: Deposit, decision: Decision, at: datetime) -> Document:
    try:
        with transaction.atomic():
            return _deposit(actor, deposit, decision, at)
    except AccessDeniedError as error:
        record(actor=actor, at=at, line=Line(action="dmp.document.deposit", decision=error.decision))
        raise
    except DepositRefusedError as error:
        facts: dict[str, Fact] = {"code": error.refusal.code, "bytes": len(deposit.data)}
        record(actor=actor, at=at, line=Line(action="dmp.document.refuse", facts=facts))
        raise


def _deposit(actor: Actor, deposit: Deposit, decision: Decision, at: datetime) -> Document:
    space_id = actor.space_id
    if not decision or space_id is None:
        raise AccessDeniedError(policies.MAY_NOT_DEPOSIT if decision else decision)
    source = _read(deposit.data)
    space = HealthSpace.objects.select_for_update(of=("self",)).select_related("identity").get(pk=space_id)
    if not space.is_open:  # closed since the actor was made: the lock tells the present state
        raise AccessDeniedError(policies.SPACE_NOT_OPEN)
    _check_identity(source, space.identity)
    _check_visibility(deposit.visibility, space.identity, at)
    columns = columns_of(source, at=at)
    _check_sizes(columns)
    known = Document.objects.filter(space=space, unique_id=source.metadata.unique_id).first()
    if known is not None:
        return _same(known, source)
    replaced = _replaced(source, space.id)
    file = files.store(space_id=space.id, content=files.Content(data=deposit.data, media_type=XML), at=at)
    submission = SubmissionSet.objects.create(
        space=space, unique_id=f"2.25.{uuid7().int}", submitted_at=at, depositor_id=actor.national_id
    )
    document = Document(
        space_id=space.id,
        vault_id=file.vault_id,
        file_id=file.id,
        submission_id=submission.id,
        depositor_id=actor.national_id,
        received_at=at,
        **columns,
    )
    _set_visibility(document, deposit.visibility, hidden_by_default=space.new_documents_hidden)
    _succeed(document, replaced)
    document.save(force_insert=True)
    plan_renditions(document=document, cda=source.cda, at=at)
    plan_wording(document=document, at=at)
    facts: dict[str, Fact] = {
        "type": document.type_code,
        "version": document.version_number,
        "replaces": replaced is not None,
    }
    line = Line(action="dmp.document.deposit", target=f"document:{document.id}", decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
    telling.tell_of_deposit(actor=actor, document=document, replaced=replaced, at=at)
    return document


def _read(data: bytes) -> Source:
    if len(data) > settings.DMP_MAX_DOCUMENT_BYTES:
        raise DepositRefusedError(Refusal(code="too-large", detail=str(settings.DMP_MAX_DOCUMENT_BYTES)))
    try:
        cda = read_cda(data)
    except UnreadableInputError as error:
        raise DepositRefusedError(Refusal(code=str(error.code), detail=error.detail)) from error
    if cda.unique_id is None:
        raise DepositRefusedError(Refusal(code="no-unique-id"))
    return source_of(data=data, cda=cda)


def _check_identity(source: Source, identity: InsIdentity) -> None:
    fault = identity_fault(patient=source.cda.patient, identity=identity)
    if fault is not None:
        raise DepositRefusedError(Refusal(code=fault.value))


def _check_visibility(labels: frozenset[Visibility], identity: InsIdentity, at: datetime) -> None:
    both = {Visibility.INVISIBLE_TO_PATIENT, Visibility.HIDDEN_FROM_PROFESSIONALS}
    if both <= labels and not settings.DMP_ALLOW_ANNOUNCEMENT_AND_HIDING:
        raise DepositRefusedError(Refusal(code="labels-exclude-each-other"))
    if Visibility.INVISIBLE_TO_REPRESENTATIVES in labels and not is_minor(identity.born_on, at=at):
        raise DepositRefusedError(Refusal(code="label-for-minors-only"))


def _check_sizes(columns: Mapping[str, Any]) -> None:
    """A value that its column cannot hold is refused before anything is stored: cut, it would be another identifier."""
    for name, value in columns.items():
        longest = getattr(Document._meta.get_field(name), "max_length", None)
        if isinstance(value, str) and longest is not None and len(value) > longest:
            raise DepositRefusedError(Refusal(code="value-too-long", detail=name))
    if not 0 <= columns["version_number"] <= _LAST_VERSION:
        raise DepositRefusedError(Refusal(code="value-too-long", detail="version_number"))


def _same(known: Document, source: Source) -> Document:
    if known.sha1 != source.metadata.hash_sha1:
        raise DepositRefusedError(Refusal(code="same-id-other-content"))
    return known


def _replaced(source: Source, space_id: UUID) -> Document | None:
    """The version that this one replaces.

    Only the last one may be (error 900), only by its author or organisation (901).
    """
    if not source.metadata.replaces:
        return None
    rows = Document.objects.select_for_update(of=("self",)).filter(space_id=space_id)
    replaced = rows.filter(unique_id__in=source.metadata.replaces).order_by("-version_number", "-id").first()
    if replaced is None:
        return None
    if not replaced.is_current:
        raise DepositRefusedError(Refusal(code="900"))
    if not is_same_author(document=replaced, source=source):
        raise DepositRefusedError(Refusal(code="901"))
    return replaced


def is_same_author(*, document: Document, source: Source) -> bool:
    """Whether what comes names the author of the document, or the same organisation (DMP-67)."""
    new = columns_of(source, at=document.received_at)
    same_author = document.author_id and document.author_id == new["author_id"]
    same_organisation = document.organisation_id and document.organisation_id == new["organisation_id"]
    return bool(same_author or same_organisation)


def _set_visibility(document: Document, labels: frozenset[Visibility], *, hidden_by_default: bool) -> None:
    announced_later = Visibility.INVISIBLE_TO_PATIENT in labels
    labelled = Visibility.HIDDEN_FROM_PROFESSIONALS in labels
    if labelled or hidden_by_default:
        # DMP-35 is about labels of producers: what the holder has decided holds for an announced result too.
        document.hidden_at = document.received_at
    document.hidden_by_default = hidden_by_default and not labelled
    if announced_later:
        # One calendar month from the deposit, then it becomes visible by itself (ACC-34).
        document.concealed_until = one_month_after(document.received_at)
    document.kept_from_representatives = Visibility.INVISIBLE_TO_REPRESENTATIVES in labels


def _succeed(document: Document, replaced: Document | None) -> None:
    if replaced is None:
        return
    document.replaces_id = replaced.id
    document.version_number = max(document.version_number, replaced.version_number + 1)
    _inherit_hiding(document, replaced)
    document.folder_id, document.pinned_at = replaced.folder_id, replaced.pinned_at  # DMP-61
    is_more_secret = bool(document.concealed_until) or (
        document.kept_from_representatives and not replaced.kept_from_representatives
    )
    document.concealed_until = document.concealed_until or replaced.concealed_until
    document.kept_from_representatives = document.kept_from_representatives or replaced.kept_from_representatives
    replaced.availability = Document.Availability.DEPRECATED
    replaced.entry_id = uuid7()
    if not is_more_secret:  # one document, one visibility, whatever the version; but no trace of a secret one (SEC-05)
        replaced.hidden_at = replaced.hidden_at or document.hidden_at
        replaced.hidden_by_default = document.hidden_by_default
    replaced.save(update_fields=["availability", "entry_id", "hidden_at", "hidden_by_default"])


def _inherit_hiding(document: Document, replaced: Document) -> None:
    """A version stays hidden like the one before, an announced one too (DMP-35); somebody's act beats the default."""
    if not replaced.is_hidden:
        return
    chosen = document.is_hidden and not document.hidden_by_default
    document.hidden_by_default = replaced.hidden_by_default and not chosen
    document.hidden_at = document.hidden_at or document.received_at
