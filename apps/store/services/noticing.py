"""Notices of decisions: a tagged PDF in the vault of the publisher, and the day from which remedies run (STO-11)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.files.keeping import Content
from apps.files.made import store_made
from apps.files.models import StoredFile, Vault
from apps.store.letters import decisions as letters
from apps.store.models import Decision

PDF = "application/pdf"


class NotConfirmedError(Exception):
    """A refusal, a suspension or a withdrawal that no second person has confirmed tells nobody (decisions.md 26)."""


@transaction.atomic
def notify(*, decision: Decision, at: datetime) -> Decision:
    """Make the notice of a decision of any kind and keep it for the publisher; its mail is that of the event.

    For a decision whose dossier or listing the caller has locked. Twice is once: the first notice stays.
    Raises `NotConfirmedError`, `StoreUnavailableError`: nothing was kept.
    """
    if decision.notified_at is not None:
        return decision
    if decision.needs_confirmation and decision.confirmed_at is None:
        raise NotConfirmedError
    data = letters.notice_pdf(decision, at=at)
    file = keep(publisher_id=decision.candidacy.publisher_id, data=data, at=at)
    decision.vault_id, decision.file_id, decision.sha256 = file.vault_id, file.id, hashlib.sha256(data).hexdigest()
    decision.notified_at = at
    decision.save(update_fields=["vault_id", "file_id", "sha256", "notified_at"])
    return decision


def keep(*, publisher_id: UUID, data: bytes, at: datetime) -> StoredFile:
    """A document that the portal made, in the vault of a publisher. Raises `StoreUnavailableError`."""
    content = Content(data=data, media_type=PDF)
    return store_made(owner_kind=Vault.Owner.ORGANISATION, owner_id=publisher_id, content=content, at=at)
