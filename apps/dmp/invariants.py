"""What holds of the records of documents at every moment (DMP-03, DMP-04, REL-12)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef

from apps.common.invariants import register
from apps.dmp.models import Document, Rendition
from apps.files.models import StoredFile

PREPARED_AFTER = timedelta(hours=1)


@register("dmp.documents_without_file")
def documents_without_file(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Records whose file has no row."""
    file = StoredFile.objects.filter(vault_id=OuterRef("vault_id"), id=OuterRef("file_id"))
    return Document.objects.filter(~Exists(file)).order_by().count()


@register("dmp.documents_with_two_successors")
def documents_with_two_successors(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Versions that two others replace."""
    rows = Document.objects.filter(replaces_id__isnull=False).values("space_id", "replaces_id")
    return rows.annotate(number=Count("id")).filter(number__gt=1).order_by().count()


@register("dmp.replaced_documents_still_current")
def replaced_documents_still_current(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Versions that are current beside the one that replaces them."""
    successor = Document.objects.filter(space_id=OuterRef("space_id"), replaces_id=OuterRef("id"))
    return Document.objects.filter(Exists(successor), availability=Document.Availability.APPROVED).order_by().count()


@register("dmp.files_not_prepared_for_an_hour")
def files_not_prepared_for_an_hour(*, at: datetime) -> int:
    """Files inside clean documents that wait to be shown, although the sweep looks for them every minute."""
    rows = Rendition.objects.filter(state=Rendition.State.WAITING, document__file__state=StoredFile.State.CLEAN)
    return rows.filter(created_at__lt=at - PREPARED_AFTER).order_by().count()
