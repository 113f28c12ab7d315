"""Terms and dates of referenced services: one statement finds what is due, each is done in its own transaction
(STO-70 to STO-81).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.common.dates import PARIS
from apps.common.failpoints import reach
from apps.store import clocks, telling, transitions
from apps.store.jobs.rows import apart
from apps.store.models import Evidence, Listing, ListingEvent, Reservation
from apps.store.states import Event, ListingStatus, Party, Queue
from apps.store.states.listing import ACTIVE
from apps.store.transitions import GuardError, Step
from apps.store.transitions.listing_guards import EXPIRED_DAYS, LATE_AFTER_DAYS, YEARLY_BEFORE_DAYS

ACTOR = "store.survey"
SECONDS = 150.0
YEAR_MONTHS = 12
REMINDERS = (15, 5, 1)
# Before the end of an agreement, of which nobody's term tells (STO-80); a sweep that was late still finds them.
AGREEMENT_REMINDERS = (90, 30)
FOUND_LATE_DAYS = 3
# Certificates whose end puts a running service before the desk at once (STO-74).
CERTIFIED = ("CRI-URB-01", "CRI-DM-02")
S = ListingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What is due when: `which` finds the rows at an instant and on a day, `do` does it for one locked row."""

    name: str
    which: Callable[[datetime, date], Q]
    do: Callable[[Listing, datetime], None]


def survey(*, at: datetime, seconds: float = SECONDS) -> Counter[str]:
    """Do what is due for all services; two runs share the work, twice is once. Returns what was done how often."""
    end, done = monotonic() + seconds, Counter[str]()
    today = at.astimezone(PARIS).date()
    for rule in _RULES:
        found = Listing.objects.filter(rule.which(at, today)).order_by("id").values_list("id", flat=True)
        for listing_id in found:
            if monotonic() >= end:
                return done
            done[rule.name] += apart(partial(_one, rule, listing_id, at, today), step=f"{ACTOR}.{rule.name}") or 0
    done["reminded"] = _remind(at)
    return done


@transaction.atomic
def _one(rule: _Rule, listing_id: UUID, at: datetime, today: date) -> int:
    rows = Listing.objects.select_for_update(of=("self",), skip_locked=True).select_related("candidacy__service")
    listing = rows.filter(rule.which(at, today), pk=listing_id).first()
    if listing is None:
        return 0
    try:
        rule.do(listing, at)
    except GuardError:
        return 0
    reach("store.survey.before_commit")
    return 1


def _fire(event: Event, **values: object) -> Callable[[Listing, datetime], None]:
    def do(listing: Listing, at: datetime) -> None:
        step = Step(event=event, by=Party.SYSTEM, actor=ACTOR, at=at, **values)  # type: ignore[arg-type]
        transitions.fire_listing(listing, step)

    return do


def _ask_declaration(listing: Listing, at: datetime) -> None:
    """STO-70: sixty days before the anniversary, until thirty days after it; asked for later, thirty days from now."""
    from_day = max(anniversary(listing.declared_on), at.astimezone(PARIS).date())
    ends = clocks.last_second(from_day + timedelta(days=LATE_AFTER_DAYS))
    step = Step(event=Event.YEARLY_DUE, by=Party.SYSTEM, actor=ACTOR, at=at, due_at=ends)
    transitions.fire_listing(listing, step)


def _end_precaution(listing: Listing, at: datetime) -> None:
    """STO-76: nobody has decided within the fifteen days; the desk looks at what it was about."""
    target = transitions.lifted_to(listing)
    step = Step(
        event=Event.LIFT, by=Party.SYSTEM, actor=ACTOR, at=at, target=target, reasons=("precaution-ended",),
        queue=Queue.DESK if target is S.PUBLISHED else None,
    )  # fmt: skip
    transitions.fire_listing(listing, step, precaution_until=None)


def _to_desk(reason: str) -> Callable[[Listing, datetime], None]:
    def do(listing: Listing, at: datetime) -> None:
        step = Step(
            event=Event.HAND_OVER, by=Party.SYSTEM, actor=ACTOR, at=at, reasons=(reason,), facts={"flag": reason}
        )  # fmt: skip
        transitions.tell_desk(listing, step)

    return do


def anniversary(day: date) -> date:
    """A year after the last declaration."""
    return clocks.months_after(day, YEAR_MONTHS)


def _declaration_due(_at: datetime, today: date) -> Q:
    year_ago = clocks.months_after(today + timedelta(days=YEARLY_BEFORE_DAYS), -YEAR_MONTHS)
    return Q(status=S.PUBLISHED, queue="", declared_on__lte=year_ago)


def _certificate_over(_at: datetime, today: date) -> Q:
    """A criterion that only certificates of the past prove. Each of them is told once: the desk or an assessor may have
    decided that nothing follows.
    """
    told = ListingEvent.objects.filter(
        listing__candidacy=OuterRef("candidacy"), facts__flag="certificate-ended", at__gte=OuterRef("added_at"),
        at__date__gt=OuterRef("valid_until"),
    )  # fmt: skip
    found = Q()
    for code in CERTIFIED:
        pieces = Evidence.objects.filter(candidacy=OuterRef("candidacy"), criteria__contains=[code], removed_at=None)
        ended = pieces.filter(~Exists(told), valid_until__lt=today)
        found |= Q(Exists(ended)) & ~Q(Exists(pieces.filter(valid_until__gte=today)))
    return found & Q(status__in=(*ACTIVE, S.SUSPENDED))


def _reservation_over(_at: datetime, today: date) -> Q:
    """STO-41: published, with a day to lift a reservation by, and not lifted."""
    over = Reservation.objects.filter(is_suspensive=False, lifted_at=None, superseded_at=None, late_at=None)
    return Q(status=S.PUBLISHED, queue="", candidacy__in=over.filter(due_on__lt=today).values("candidacy"))


def _tell_of_reservations(listing: Listing, at: datetime) -> None:
    """Once for each: the desk looks, and gives notice or leaves it."""
    _to_desk("reservation-late")(listing, at)
    today = at.astimezone(PARIS).date()
    late = Reservation.objects.filter(candidacy=listing.candidacy_id, is_suspensive=False, due_on__lt=today)
    late.filter(lifted_at=None, superseded_at=None, late_at=None).update(late_at=at)


_RULES = (
    _Rule(
        name="withdrawn",
        which=lambda _at, today: (
            Q(status__in=(S.LEAVING, S.SUSPENDED), effect_on__lte=today)
            | Q(status=S.EXPIRED, agreement_ends_on__lte=today - timedelta(days=EXPIRED_DAYS))
        ),
        do=_fire(Event.EFFECT_DATE),
    ),
    _Rule(
        name="expired",
        which=lambda _at, today: Q(status__in=(*ACTIVE, S.SUSPENDED), agreement_ends_on__lt=today),
        do=_fire(Event.CONVENTION_END),
    ),
    _Rule(
        name="late",
        which=lambda at, _today: Q(status=S.DECLARATION_DUE, queue=Queue.PUBLISHER, due_at__lt=at),
        do=_fire(Event.LATE, reasons=("declaration-late",)),
    ),
    _Rule(
        name="suspended",
        which=lambda at, _today: Q(status=S.FORMAL_NOTICE, queue=Queue.PUBLISHER, due_at__lt=at),
        do=_fire(Event.TIMEOUT),
    ),
    _Rule(
        name="precaution",
        which=lambda at, _today: Q(
            status=S.SUSPENDED, queue=Queue.DELEGATE, precaution_until__isnull=False, due_at__lt=at
        ),
        do=_end_precaution,
    ),
    _Rule(name="declaration", which=_declaration_due, do=_ask_declaration),
    _Rule(name="certificate", which=_certificate_over, do=_to_desk("certificate-ended")),
    _Rule(name="reservation", which=_reservation_over, do=_tell_of_reservations),
)


def _remind(at: datetime) -> int:
    """Fifteen, five and one day before a term of the publisher ends: a mail each, the key says which (REL-01)."""
    told = _tell_of_ends(at)
    for days in REMINDERS:
        soon = Q(due_at__gt=at + timedelta(days=days - 1), due_at__lte=at + timedelta(days=days))
        rows = Listing.objects.filter(soon, queue=Queue.PUBLISHER, status__in=(*ACTIVE, S.SUSPENDED))
        for listing in rows.select_related("candidacy__service").order_by("id"):
            told += apart(partial(_reminded, listing, days, at), step=f"{ACTOR}.reminder") or 0
    return told


def _tell_of_ends(at: datetime) -> int:
    """The publisher asks for a renewal in time, or learns on which day the service stops."""
    told, today = 0, at.astimezone(PARIS).date()
    for days in AGREEMENT_REMINDERS:
        last = today + timedelta(days=days)
        soon = Q(agreement_ends_on__gt=last - timedelta(days=FOUND_LATE_DAYS), agreement_ends_on__lte=last)
        rows = Listing.objects.filter(soon, status__in=(*ACTIVE, S.SUSPENDED)).select_related("candidacy__service")
        for listing in rows.order_by("id"):
            left, ends_on = (listing.agreement_ends_on - today).days, listing.agreement_ends_on.isoformat()
            telling.write(
                user_ids=telling.publisher_people(listing.publisher_id),
                template="agreement_ending",
                key=f"service:{listing.id}:agreement:{ends_on}:{days}",
                facts=telling.facts_of(listing) | {"days": left, "ends_on": ends_on},
                at=at,
            )
            told += 1
    return told


@transaction.atomic
def _reminded(listing: Listing, days: int, at: datetime) -> int:
    telling.write(
        user_ids=telling.publisher_people(listing.publisher_id),
        template="reminder",
        key=f"service:{listing.id}:{listing.sequence}:reminder:{days}",
        facts=telling.facts_of(listing) | {"days": days},
        at=at,
    )
    return 1
