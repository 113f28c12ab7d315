"""Default confidentiality of a space, applied to the documents that are there (ACC-32)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import DateTimeField, F, Func, UUIDField, Value
from django.db.models.functions import Greatest

from apps.dmp.models import Document


def apply_default_visibility(*, space_id: UUID, hidden: bool, at: datetime) -> None:
    """Hide every document of the space that is visible to professionals, or show those that only the default hides.

    One statement whatever the number of documents, inside the caller's transaction, which holds the lock of the space:
    a deposit sees the setting before or after, never between. It reaches documents that the actor may not see as well,
    so it says no number (SEC-05). What somebody hid one by one stays hidden. The caller decides who may.
    """
    documents = Document.objects.filter(space_id=space_id)
    entry_id = Func(function="uuidv7", output_field=UUIDField())  # new at every change of the record (DMP-02)
    if not hidden:
        documents.filter(hidden_by_default=True).update(hidden_at=None, hidden_by_default=False, entry_id=entry_id)
        return
    since = Greatest(F("received_at"), Value(at, output_field=DateTimeField()))
    documents.filter(hidden_at=None).update(hidden_at=since, hidden_by_default=True, entry_id=entry_id)
