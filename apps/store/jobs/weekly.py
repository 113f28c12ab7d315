"""Weekly checks of referenced services, spread over the week, and what they find (store.md 7, STO-74, L19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.common.dates import PARIS
from apps.store import due, subjects, transitions
from apps.store.jobs import planning
from apps.store.jobs.rows import apart
from apps.store.models import CandidacyStep, Listing
from apps.store.states import Event, Party, Queue
from apps.store.states.listing import OVER
from apps.store.transitions import Step

ACTOR = "store.weekly"
SECONDS = 100.0
LATER = timedelta(hours=1)  # what cannot be planned now is looked at again
Cause, Outcome = CandidacyStep.Cause, CandidacyStep.Outcome
_OPEN = (CandidacyStep.State.DUE, CandidacyStep.State.RUNNING)
# Steps of a round that nothing can be read from.
_UNANSWERED = Q(outcome=Outcome.ERROR) | Q(state=CandidacyStep.State.PARKED) | Q(reason="newer-round")
FAILED = "check-failed"


def plan_weekly(*, at: datetime, seconds: float = SECONDS) -> list[UUID]:
    """Rounds of checks for the services whose morning has come, one transaction each; two runs share the work.

    Returns the dossiers to carry on. A service that sleeps for weeks is checked once, not once for each week.
    """
    planned: list[UUID] = []
    end = monotonic() + seconds
    while monotonic() < end and _plan_next(at, planned):
        pass
    return planned


@transaction.atomic
def _plan_next(at: datetime, planned: list[UUID]) -> bool:
    """Plan one round and note its dossier; False when no service waits."""
    rows = Listing.objects.select_for_update(of=("self",), skip_locked=True)
    due_now = rows.select_related("candidacy__publisher", "candidacy__service").filter(wakes_at__lte=at)
    listing = due_now.order_by("wakes_at", "id").first()
    if listing is None:
        return False
    made = apart(partial(_plan, listing, at), step=ACTOR)
    wakes_at = at + LATER if made is None else due.next_checks(listing.check_weekday, after=at)
    Listing.objects.filter(pk=listing.pk).update(wakes_at=wakes_at)
    if made is not None:
        planned.append(listing.candidacy_id)
    return True


@transaction.atomic
def _plan(listing: Listing, at: datetime) -> int:
    return planning.plan(candidacy=listing.candidacy, cause=Cause.WEEKLY, at=at)


@transaction.atomic
def conclude_weekly(*, candidacy_id: UUID, at: datetime) -> bool:
    """Once all steps of the last round have ended: keep its day, and let the desk confirm what failed, whatever the
    round was asked for. The day moves only when each check has answered (STO-84).

    A failure changes nothing for users by itself: a human confirms it within one working day (STO-74), or once the
    service rests where it is the turn of somebody else. Twice is once.
    """
    rows = Listing.objects.select_for_update(of=("self",)).select_related("candidacy__service")
    listing = rows.filter(candidacy_id=candidacy_id).exclude(status__in=OVER).first()
    if listing is None:
        return False
    steps = CandidacyStep.objects.filter(candidacy_id=candidacy_id)
    last = steps.order_by("-round").values_list("round", "asked_at").first()
    if last is None or last[0] <= listing.checked_round or steps.filter(round=last[0], state__in=_OPEN).exists():
        return False
    found = steps.filter(round=last[0])
    is_whole = not found.filter(_UNANSWERED).exists()
    if is_whole:
        listing.controlled_on = max(listing.controlled_on, last[1].astimezone(PARIS).date())
    listing.checked_round = last[0]
    listing.save(update_fields=["controlled_on", "checked_round"])
    _tell(listing, has_failed=found.filter(subjects.FAILED).exists(), is_whole=is_whole, at=at)
    return True


def _tell(listing: Listing, *, has_failed: bool, is_whole: bool, at: datetime) -> None:
    step = Step(event=Event.HAND_OVER, by=Party.SYSTEM, actor=ACTOR, at=at, facts={"flag": FAILED})
    is_told = FAILED in listing.reasons
    if has_failed and not is_told:
        transitions.tell_desk(listing, replace(step, reasons=(FAILED,)))
    elif is_told and is_whole and not has_failed and listing.queue != Queue.DESK:
        # It was cured before the desk had its turn.
        others = tuple(code for code in listing.reasons if code != FAILED)
        transitions.note_listing(listing, replace(step, reasons=others, facts={"cured": True}))


def forgotten(*, at_most: int = 500) -> list[UUID]:
    """Dossiers of running services whose last round is over and was not concluded. For the sweep."""
    steps = CandidacyStep.objects.filter(candidacy=OuterRef("candidacy"))
    new, runs = steps.filter(round__gt=OuterRef("checked_round")), steps.filter(state__in=_OPEN)
    over = Listing.objects.exclude(status__in=OVER).filter(Exists(new), ~Exists(runs))
    return list(over.order_by("candidacy_id").values_list("candidacy_id", flat=True)[:at_most])
