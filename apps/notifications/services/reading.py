"""What people do with their notices: open, mark as read, undo (H-02, NOT-35)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.notifications.kinds import Kind
from apps.notifications.models import Notice
from apps.notifications.querysets import NoticeQuerySet
from apps.notifications.sight import sight


class NoticeNotFoundError(Exception):
    """No such notice for this person here: unknown, somebody else's, or about what they may not see any more."""


def notices_of(actor: Actor) -> NoticeQuerySet:
    """Notices that this person may see in the space they are in (SEC-05)."""
    return Notice.objects.visible_to(actor, documents=sight().documents(actor))


def unread_count(actor: Actor) -> int:
    """For the bell: one query."""
    return notices_of(actor).unread().count()


def notice_of(*, actor: Actor, notice_id: UUID) -> Notice:
    """One notice. Raises `NoticeNotFoundError`."""
    found = notices_of(actor).filter(pk=notice_id).first()
    if found is None:
        raise NoticeNotFoundError(notice_id)
    return found


def seen_documents(*, actor: Actor, notices: list[Notice]) -> frozenset[UUID]:
    """Documents of these notices that the person may see, by one query."""
    ids = {document_id for notice in notices for document_id in notice.document_ids}
    return frozenset(sight().documents(actor).filter(id__in=ids).order_by("id"))


def mark_read(*, actor: Actor, notice_id: UUID, at: datetime) -> Notice:
    """The notice counts as read from now on; one that is read stays as it is. Raises `NoticeNotFoundError`."""
    notice = notice_of(actor=actor, notice_id=notice_id)
    if notice.read_at is None:
        Notice.objects.filter(pk=notice.pk).update(read_at=at)
        notice.read_at = at
    return notice


def mark_unread(*, actor: Actor, notice_id: UUID) -> Notice:
    """The other way round. Raises `NoticeNotFoundError`."""
    notice = notice_of(actor=actor, notice_id=notice_id)
    Notice.objects.filter(pk=notice.pk).update(read_at=None)
    return notice


@transaction.atomic
def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """All that the person sees here; `at` is what undoes it. Returns their number."""
    ids = list(notices_of(actor).unread().order_by("pk").values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=ids, read_at=None).update(read_at=at)


def undo_mark_all(*, actor: Actor, marked_at: datetime) -> int:
    """Unread again: what was marked at that instant, nothing else. Returns their number."""
    ids = notices_of(actor).filter(read_at=marked_at).order_by("pk").values_list("pk", flat=True)
    return Notice.objects.filter(pk__in=list(ids)).update(read_at=None)


def mark_document_read(*, user_id: UUID, document_id: UUID, at: datetime) -> None:
    """Whoever has opened a document needs no notice of it any more."""
    told = Notice.objects.filter(user_id=user_id, kind=Kind.NEW_DOCUMENT, document_ids=[document_id], read_at=None)
    told.update(read_at=at)
