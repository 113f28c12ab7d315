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
    count = sum(_told_by(notice, at) for notice in notices)
    return Content(at=mail.at, count=count) if count else None


def _told_by(notice: Notice, at: datetime) -> int:
    """Things that a notice still tells its reader: 1, or its documents that they may still see."""
    kind = Kind(notice.kind)
    if not kind.needs_right or notice.space_id is None:
        return 1
    seen = sight().still_seen(user_id=notice.user_id, space_id=notice.space_id, document_ids=notice.document_ids, at=at)
    if seen is None:
        return 0
    return len(seen) if notice.document_ids else 1


def _is_off(mail: OutgoingMail, notices: list[Notice]) -> bool:
    kinds = {notice.kind for notice in notices}
    off = Preference.objects.filter(
        user_id=mail.user_id, channel=Channel.MAIL, frequency=Frequency.NEVER, kind__in=kinds
    )
    return off.count() == len(kinds)
