"""Telling people that something has happened: the one door for other apps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.common.tasks import enqueue
from apps.notifications import tasks
from apps.notifications.kinds import Kind
from apps.notifications.models import OutgoingMail
from apps.notifications.writing import Event, write


@transaction.atomic
def announce(
    *,
    user_ids: Collection[UUID],
    kind: Kind,
    at: datetime,
    key: str,
    space_id: UUID | None = None,
    facts: Mapping[str, str] | None = None,
) -> None:
    """Write a notice in each person's centre and, by their wishes, the mail that tells of it without content.

    Part of the caller's transaction: no event, no notice. The same `key` for the same person is one notice, however
    often it is said (REL-01). `facts` hold ids, codes and counts; `facts["document"]` is the id of a document without
    which the notice does not exist for its reader (SEC-05), and a further one joins the notice of the same key. After
    the commit the mails that are due are queued; a sweep finds what the queue forgot.
    Source: docs/domain/notices.md; IDN-57, NOT-01, NOT-30, SPA-57.
    """
    if not user_ids:
        return
    given = dict(facts or {})
    document = given.pop("document", None)
    event = Event(
        kind=kind,
        at=at,
        key=key,
        space_id=space_id,
        document_id=UUID(document) if document else None,
        facts=given,
    )
    _queue(write(user_ids=user_ids, event=event), at)


def _queue(mails: Collection[OutgoingMail], at: datetime) -> None:
    for mail in mails:
        if mail.due_at is not None and mail.due_at <= at:
            enqueue(tasks.deliver, mail_id=str(mail.pk))
