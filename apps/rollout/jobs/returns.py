"""Mails that came back end their notice; a letter follows by itself (SPA-04).

A returned mail is believed only about a notice that we sent, to the address that it names: whoever knows neither can
change nothing, and whoever knows both has the mail.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import StrEnum

from apps.common.failpoints import reach
from apps.rollout.gateways.bounces import BounceBox
from apps.rollout.gateways.reports import Report, read_report
from apps.rollout.jobs.returning import Failure, fail
from apps.rollout.models import Notice

State = Notice.State
ACTOR = "rollout.bounces"
AT_MOST = 500  # mails a run
# A mail may bounce before its hand-over is settled; then the settling comes first, at the latest with the lease.
_LEFT = (State.SENT, State.UNCERTAIN)


class Effect(StrEnum):
    """What became of a returned mail."""

    RETURNED = "returned"
    KNOWN = "known"  # told before, or of a notice that ended otherwise
    DELAYED = "delayed"  # no failure for good: nothing to do
    LATER = "later"  # its notice is just being sent
    UNKNOWN = "unknown"


def read_bounces(*, box: BounceBox, at: datetime, at_most: int = AT_MOST) -> Counter[str]:
    """Deal with the mails of the box. Run twice, or killed before a deletion, each has one effect.

    What names no notice of ours is put aside for people. Returns how many had which effect.
    """
    counts: Counter[str] = Counter()
    for mail in box.mails(at_most=at_most):
        effect = _effect(read_report(mail.data), at)
        counts[effect] += 1
        reach("rollout.bounces.before_delete")
        if effect is Effect.UNKNOWN:
            box.put_aside(mail.name)
        elif effect is not Effect.LATER:
            box.delete(mail.name)
    return counts


def _effect(report: Report, at: datetime) -> Effect:
    named = Notice.objects.filter(channel=Notice.Channel.MAIL, message_id__in=report.message_ids).order_by("pk")
    notices = list(named)
    if not notices:
        return Effect.UNKNOWN
    if not report.failed:
        return Effect.DELAYED
    mine = [notice for notice in notices if notice.address.lower() in report.failed]
    if not mine:
        return Effect.UNKNOWN
    if any(notice.state == State.SENDING for notice in mine):
        return Effect.LATER
    failure = Failure(state=State.RETURNED, reason="bounced", actor=ACTOR, expected=_LEFT)
    ended = [fail(notice_id=notice.pk, failure=failure, at=at) for notice in mine]
    return Effect.RETURNED if any(ended) else Effect.KNOWN
