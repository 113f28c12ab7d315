"""When somebody's term ends and when the sweep has to look again (STO-51, STO-56, STO-82)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.common.dates import PARIS, midnight
from apps.store import clocks
from apps.store.clocks import months_after
from apps.store.models import Listing
from apps.store.states import DOSSIER, LISTING, ListingStatus, Queue, Status, Stay, Term
from apps.store.states.listing import OVER

Interval = tuple[datetime, datetime | None]

# Days before the end of a term of the publisher on which we remind (STO-53).
REMINDERS = (15, 5, 1)
COMPLEMENT_LAST = 3  # RV-06: at half of the term and three days before its end
CHECKS_AT_MOST = timedelta(hours=24)  # STO-49
DRAFT_IDLE_MONTHS = 12  # STO-47
CHECKS_HOUR = timedelta(hours=3)  # of the night in Paris


def stay_of(status: str) -> Stay:
    """The stay of a state of either machine; their codes differ but for the published ones, which no dossier waits in.

    Raises `KeyError` for a code of neither.
    """
    if status in Status.values:
        return DOSSIER.stays[Status(status)]
    return LISTING.stays[ListingStatus(status)]


def end_of(term: Term, *, intervals: Iterable[Interval], at: datetime) -> datetime:
    """Last second of a term that begins or goes on at `at`."""
    if term.is_running_clock:
        return clocks.end_of_running(term, intervals=intervals, at=at)
    return clocks.end_of(term, since=at)


def reminders(*, status: str, since: datetime, due_at: datetime) -> list[tuple[int, datetime]]:
    """Days before the end and the moment of each reminder to the publisher, soonest first; moments before `since` are
    left out.
    """
    whole = (due_at - since).days
    days = (whole // 2, COMPLEMENT_LAST) if status == Status.COMPLEMENT else REMINDERS
    moments = [(left, due_at - timedelta(days=left)) for left in dict.fromkeys(days)]
    return sorted(((left, moment) for left, moment in moments if moment > since), key=lambda pair: pair[1])


def wakes_at(*, status: str, queue: str, since: datetime, due_at: datetime | None, at: datetime) -> datetime | None:
    """When the sweep has something to do for a row in this state; None: nothing happens by itself."""
    if status == Status.SUBMITTED:
        return since + CHECKS_AT_MOST
    if status == Status.DRAFT:
        day = months_after(since.astimezone(PARIS).date(), DRAFT_IDLE_MONTHS)
        return clocks.last_second(day)
    if due_at is None:
        return None
    ends = stay_of(status).times_out and queue in {Queue.PUBLISHER, Queue.APPEALS}
    moments = [due_at + timedelta(seconds=1)] if ends else []
    if queue == Queue.PUBLISHER:
        moments += [moment for _left, moment in reminders(status=status, since=since, due_at=due_at) if moment > at]
    return min(moments, default=None)


def next_checks(weekday: int, *, after: datetime) -> datetime:
    """The next morning of this weekday (0 = Monday) in Paris, after `after`: weekly checks are spread over the week."""
    today = after.astimezone(PARIS).date()
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    moment = midnight(day) + CHECKS_HOUR
    return moment if moment > after else midnight(day + timedelta(days=7)) + CHECKS_HOUR


def listing_wakes_at(listing: Listing, *, at: datetime) -> datetime | None:
    """When the weekly checks of a referenced service are due; none once it has left. Its terms and dates need no
    moment of waking: the sweep finds them by one statement each.
    """
    if listing.status in {*OVER, ListingStatus.LEAVING}:
        return None
    return listing.wakes_at or next_checks(listing.check_weekday, after=at)
