"""The counting transport of rehearsals and the demonstration: notices count as sent, nothing leaves (decisions 32)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.rollout.jobs.fitting import MOVED_ON, halts, may_leave, unfit
from apps.rollout.jobs.windows import begin_windows, lock_people, wake_codes
from apps.rollout.models import Notice
from apps.rollout.texts import BEGINS_WINDOW
from apps.rollout.window import window_end

ACTOR = "rollout.rehearse"
SLICE = 20_000  # notices a transaction


class NotInProductionError(Exception):
    """Nobody counts as told who was not."""


@dataclass(slots=True, kw_only=True)
class Counted:
    """Notices that count as sent now, by channel."""

    mails: int = 0
    letters: int = 0


def count_as_sent(*, at: datetime, channels: Sequence[Notice.Channel] = tuple(Notice.Channel)) -> Counted:
    """Every notice that is due by `at`, and not stopped, counts as sent then; six weeks begin.

    Raises `NotInProductionError`.
    """
    if settings.ENS_ENV == "production":
        raise NotInProductionError
    counted = Counted()
    for channel in channels:
        while (done := _send(channel, at)) is not None:
            if channel is Notice.Channel.MAIL:
                counted.mails += done
            else:
                counted.letters += done
    return counted


@transaction.atomic
def _send(channel: Notice.Channel, at: datetime) -> int | None:
    """One slice of notices, with the same refusals as a real sending; how many left, None at the end."""
    waiting = Notice.objects.filter(channel=channel, state=Notice.State.PREPARED, due_at__lte=at)
    rows = may_leave(waiting, now=halts()).select_related("person__identity", "code").order_by("due_at", "id")
    found = list(rows[:SLICE])
    if not found:
        return None
    lock_people(notice.person_id for notice in found)
    leaving = [notice for notice in found if not unfit(notice)]
    _cancel([notice.pk for notice in found if unfit(notice)], at)
    ids = [notice.pk for notice in leaving]
    sent = Notice.objects.filter(pk__in=ids)
    sent.update(state=Notice.State.SENT, sent_at=at, due_at=None, attempts=1)
    sent.filter(kind__in=BEGINS_WINDOW).update(window_ends_at=window_end(at))
    wake_codes(notices=ids, at=at)
    people: list[UUID] = list({notice.person_id for notice in leaving})
    begin_windows(people=people, at=at, actor=ACTOR, channel=channel.value)
    return len(leaving)


def _cancel(notices: Sequence[UUID], at: datetime) -> None:
    values = {"state": Notice.State.CANCELLED, "due_at": None, "ended_at": at, "reason": MOVED_ON}
    Notice.objects.filter(pk__in=notices).update(**values)
