"""Steps of announcement consultations whose hour has come (ACC-34); exactly once, also after weeks of silence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.dmp import telling
from apps.dmp.models import Concealment, Document

AT_MOST = 200


def announce_due(*, at: datetime) -> int:
    """Say what is due, oldest first; returns the number of steps that were said (REL-22)."""
    rows = Concealment.objects.filter(due_at__lte=at).order_by("due_at", "id")
    return sum(_say(space_id, row_id, at) for space_id, row_id in rows.values_list("space_id", "id")[:AT_MOST])


@transaction.atomic
def _say(space_id: UUID, row_id: UUID, at: datetime) -> bool:
    rows = Concealment.objects.select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(pk=(space_id, row_id), due_at__lte=at).first()
    if row is None:
        return False
    document = Document.objects.get(pk=(row.space_id, row.document_id))
    if document.concealed_until is not None and document.concealed_until > at:
        telling.tell_of_update(document=document, at=at)
        row.told_at, row.due_at = at, document.concealed_until
    else:
        telling.tell_of_document(document=document, at=at)
        row.due_at = None
    row.save(update_fields=["told_at", "due_at"])
    return True
