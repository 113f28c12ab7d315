"""Weekly checks of referenced services, spread over the week, and what they find (store.md 7, STO-74, L19)."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.common.dates import PARIS
from apps.store import due, transitions
from apps.store.jobs import planning
from apps.store.models import CandidacyStep, Listing
from apps.store.states import Event, ListingStatus, Party, Queue
from apps.store.states.listing import ACTIVE
from apps.store.transitions import Step

ACTOR = "store.weekly"
SECONDS = 100.0
Cause, Outcome = CandidacyStep.Cause, CandidacyStep.Outcome
_OPEN = (CandidacyStep.State.DUE, CandidacyStep.State.RUNNING)


def plan_weekly(*, at: datetime, seconds: float = SECONDS) -> list[UUID]:
    """Rounds of checks for the services whose morning has come, one transaction each; two runs share the work.

    Returns the dossiers to carry on. A service that sleeps for weeks is checked once, not once for each week.
    """
    end, planned = monotonic() + seconds, []
    while monotonic() < end:
        found = _plan_next(at)
        if found is None:
            break
        planned.append(found)
    return planned


@transaction.atomic
def _plan_next(at: datetime) -> UUID | None:
    rows = Listing.objects.select_for_update(of=("self",), skip_locked=True)
    due_now = rows.select_related("candidacy__publisher", "candidacy__service").filter(wakes_at__lte=at)
    listing = due_now.order_by("wakes_at", "id").first()
    if listing is None:
        return None
    planning.plan(candidacy=listing.candidacy, cause=Cause.WEEKLY, at=at)
    Listing.objects.filter(pk=listing.pk).update(wakes_at=due.next_checks(listing.check_weekday, after=at))
    return listing.candidacy_id


@transaction.atomic
def conclude_weekly(*, candidacy_id: UUID, at: datetime) -> bool:
    """Once all steps of the last weekly round have ended: keep the day, and let the desk confirm what failed.

    A failure changes nothing for users by itself: a human confirms it within one working day (STO-74). Twice is once.
    """
    rows = Listing.objects.select_for_update(of=("self",)).select_related("candidacy__service")
    listing = rows.filter(candidacy_id=candidacy_id).first()
    if listing is None:
        return False
    steps = CandidacyStep.objects.filter(candidacy_id=candidacy_id, cause=Cause.WEEKLY)
    last = steps.order_by("-round").values_list("round", "asked_at").first()
    if last is None or steps.filter(round=last[0], state__in=_OPEN).exists():
        return False
    day = last[1].astimezone(PARIS).date()
    if listing.controlled_on >= day:
        return False
    listing.controlled_on = day
    listing.save(update_fields=["controlled_on"])
    failed = steps.filter(round=last[0], outcome=Outcome.FAIL, override="").exists()
    if failed and listing.status == ListingStatus.PUBLISHED and not listing.queue:
        step = Step(
            event=Event.HAND_OVER, by=Party.SYSTEM, actor=ACTOR, at=at, queue=Queue.DESK, reasons=("check-failed",)
        )
        transitions.hand_over_listing(listing, step)
    return True


def forgotten(*, at_most: int = 500) -> list[UUID]:
    """Dossiers of running services whose weekly round is over and was not concluded. For the sweep."""
    steps = CandidacyStep.objects.filter(cause=Cause.WEEKLY, candidacy__listing__status__in=ACTIVE)
    over = steps.exclude(state__in=_OPEN).filter(asked_at__date__gt=F("candidacy__listing__controlled_on"))
    return list(over.order_by("candidacy_id").values_list("candidacy_id", flat=True).distinct()[:at_most])
