"""What holds of the mailbox at every moment (MSS-35, S46, REL-02)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from apps.common.invariants import register
from apps.mss.counters import UNREAD
from apps.mss.models import Arrival, ArrivalAddress, Message, OutgoingMail, Thread

FILED_AFTER = timedelta(hours=2)  # the longest wait between two tries is one hour


@register("mss.threads_with_wrong_counts")
def threads_with_wrong_counts(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Conversations whose counts are not those of their messages."""
    mine = Message.objects.filter(space_id=OuterRef("space_id"), thread_id=OuterRef("id")).order_by()
    groups = mine.values("thread_id").annotate(number=Count("id"), new=Count("id", filter=UNREAD))
    right = groups.filter(number=OuterRef("messages"), new=OuterRef("unread"))
    wrong = Thread.objects.filter(~Exists(right)).filter(Q(messages__gt=0) | Exists(mine))
    return wrong.order_by().count()


@register("mss.filed_arrivals_not_in_every_space")
def filed_arrivals_not_in_every_space(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Arrivals whose bytes are gone although a space has not got them."""
    waiting = ArrivalAddress.objects.filter(arrival_id=OuterRef("id"), filed_at=None)
    return Arrival.objects.filter(Exists(waiting), state=Arrival.State.FILED).order_by().count()


@register("mss.arrivals_not_filed_for_two_hours")
def arrivals_not_filed_for_two_hours(*, at: datetime) -> int:
    """Arrivals that nobody has looked at although the sweep runs all the time; parked ones are told apart."""
    late = Arrival.objects.filter(state=Arrival.State.RECEIVED, due_at__lt=at - FILED_AFTER)
    return late.filter(received_at__lte=F("due_at")).order_by().count()


@register("mss.sent_messages_without_a_mail")
def sent_messages_without_a_mail(*, at: datetime) -> int:  # noqa: ARG001  same shape as all checks
    """Messages of the holder's side that nothing carries."""
    mails = OutgoingMail.objects.filter(space_id=OuterRef("space_id"), message_id=OuterRef("id"))
    return Message.objects.filter(~Exists(mails), direction=Message.Direction.SENT).order_by().count()


@register("mss.mails_not_tried_for_two_hours")
def mails_not_tried_for_two_hours(*, at: datetime) -> int:
    """Mails that nobody has looked at although the clock sends all the time; parked ones are told apart."""
    open_ones = (OutgoingMail.State.WAITING, OutgoingMail.State.SENDING, OutgoingMail.State.UNCERTAIN)
    return OutgoingMail.objects.filter(state__in=open_ones, due_at__lt=at - FILED_AFTER).order_by().count()
