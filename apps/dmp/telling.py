"""Whom acts on documents are told to: new ones, readings by professionals, announced results (IDN-57, NOT-04, NOT-06).

Nothing is said of a document to somebody who may not see it (SEC-05, ACC-33, ACC-34).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from apps.access import Actor, Role
from apps.dmp.models import Concealment, Document
from apps.notifications.kinds import Kind
from apps.notifications.services import announce
from apps.spaces.audience import people_to_tell

TWO_WEEKS = timedelta(days=14)


def tell_of_deposit(*, actor: Actor, document: Document, replaced: Document | None, at: datetime) -> None:
    """A new document, to everybody who may see it but the one who has put it there.

    Under an announcement nobody is told yet: a row keeps the hour of the next step, which `jobs.announce_due` takes
    (ACC-34). A version that replaces such a document keeps the steps of the first one.
    """
    if document.concealed_until is None or document.concealed_until <= at:
        tell_of_document(document=document, at=at, but=actor.user_id)
        return
    earlier = None
    if replaced is not None:
        rows = Concealment.objects.select_for_update(of=("self",))
        earlier = rows.filter(space_id=replaced.space_id, document_id=replaced.id, due_at__isnull=False).first()
    Concealment.objects.create(
        space_id=document.space_id,
        document_id=document.id,
        told_at=earlier.told_at if earlier else None,
        due_at=earlier.due_at if earlier else min(document.received_at + TWO_WEEKS, document.concealed_until),
    )
    if earlier is not None:
        earlier.due_at = None
        earlier.save(update_fields=["due_at"])


def tell_of_document(*, document: Document, at: datetime, but: UUID | None = None) -> None:
    """A document that its readers may see from now on; once, whoever says it again (REL-22)."""
    others = not document.kept_from_representatives
    people = people_to_tell(space_id=document.space_id, at=at, representatives=others, delegates=others)
    announce(
        user_ids=[user_id for user_id in people if user_id != but],
        kind=Kind.NEW_DOCUMENT,
        at=at,
        key=f"new:{document.id}",
        space_id=document.space_id,
        facts={"document": str(document.id)},
    )


def tell_of_withdrawal(*, document: Document, at: datetime) -> None:
    """That a document is not in the record any more, to everybody who could see it; of which one is not said."""
    if document.concealed_until is not None and document.concealed_until > at:
        return
    others = not document.kept_from_representatives
    announce(
        user_ids=people_to_tell(space_id=document.space_id, at=at, representatives=others, delegates=others),
        kind=Kind.WITHDRAWN_DOCUMENT,
        at=at,
        key=f"withdrawn:{document.id}",
        space_id=document.space_id,
    )


def tell_of_update(*, document: Document, at: datetime) -> None:
    """That an update waits to be discovered with a professional: to the holder alone, of which document is not said."""
    people = people_to_tell(space_id=document.space_id, at=at, representatives=False)
    announce(
        user_ids=people,
        kind=Kind.ANNOUNCED_RESULT,
        at=at,
        key=f"update:{document.id}",
        space_id=document.space_id,
    )


def tell_of_reading(*, actor: Actor, document: Document, at: datetime) -> None:
    """A reading by a professional: grouped by hour and structure, an emergency at once (IDN-57, NOT-04)."""
    if actor.role is not Role.PROFESSIONAL or (document.concealed_until is not None and document.concealed_until > at):
        return
    emergency = actor.purpose.is_emergency
    who = actor.national_id if emergency else actor.organisation_id or actor.national_id
    kind = Kind.EMERGENCY_ACCESS if emergency else Kind.PROFESSIONAL_READ
    announce(
        user_ids=people_to_tell(
            space_id=document.space_id, at=at, representatives=not document.kept_from_representatives
        ),
        kind=kind,
        at=at,
        key=f"{kind.value}:{document.space_id}:{who}:{at:%Y%m%dT%H}",
        space_id=document.space_id,
        facts={"document": str(document.id)},
    )
