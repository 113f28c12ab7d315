"""Whether a mail still has something to tell, judged at the moment it leaves (NOT-30, SEC-05)."""

from __future__ import annotations

from datetime import datetime

from apps.notifications.kinds import Channel, Frequency, Kind
from apps.notifications.mails import Content
from apps.notifications.models import Notice, OutgoingMail, Preference
from apps.notifications.sight import sight
from apps.notifications.writing import DIGEST, TRIAL


def content_of(mail: OutgoingMail, *, at: datetime) -> Content | None:
    """What the mail may say now; None when nothing is left: right ended, document out of sight, all read, or
    switched off meanwhile.
    """
    if mail.kind in {TRIAL, Kind.SECURITY}:  # always told, whatever became of the notice
        return Content(at=mail.at, count=1)
    switchable = mail.kind == DIGEST or Kind(mail.kind).may_be_off
    notices = [notice for notice in mail.notices.order_by("at", "id") if not (switchable and notice.read_at)]
    if switchable and notices and _is_off(mail, notices):
        return None
    count = _count(mail, notices, at)
    return Content(at=mail.at, count=count) if count else None


def _count(mail: OutgoingMail, notices: list[Notice], at: datetime) -> int:
    """Things that the notices still tell their reader: each document that they may still see, and each other event.

    One look at the space and its documents, however many notices: those of a mail are of one space.
    """
    bound = [notice for notice in notices if Kind(notice.kind).needs_right and notice.space_id is not None]
    free = len(notices) - len(bound)
    if not bound or mail.space_id is None:
        return free
    ids = {document_id for notice in bound for document_id in notice.document_ids}
    seen = sight().still_seen(user_id=mail.user_id, space_id=mail.space_id, document_ids=ids, at=at)
    if seen is None:
        return free
    return free + sum(len(seen.intersection(one.document_ids)) if one.document_ids else 1 for one in bound)


def _is_off(mail: OutgoingMail, notices: list[Notice]) -> bool:
    kinds = {notice.kind for notice in notices}
    off = Preference.objects.filter(
        user_id=mail.user_id, channel=Channel.MAIL, frequency=Frequency.NEVER, kind__in=kinds
    )
    return off.count() == len(kinds)
