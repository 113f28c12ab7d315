"""Every hour: terms that are over, reminders, drafts that nobody touches (STO-53, STO-81)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from django.db import transaction
from django.db.models import QuerySet

from apps.common.failpoints import reach
from apps.store import due, telling, transitions
from apps.store.jobs import concluding, timing_out
from apps.store.jobs.rows import apart
from apps.store.models import Appeal, Candidacy
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import GuardError, Step

ACTOR = "store.sweep"
SECONDS = 150.0
LATER = timedelta(hours=1)  # what cannot be done now is looked at again


def sweep(*, at: datetime, seconds: float = SECONDS) -> Counter[str]:
    """Do what is due for dossiers, one transaction each; two sweeps share the work. Returns what was done."""
    end, done = monotonic() + seconds, Counter[str]()
    while monotonic() < end:
        what = _next(at)
        if not what:
            break
        done[what] += 1
    return done


@transaction.atomic
def _next(at: datetime) -> str:
    candidacy = _waking(at).first()
    if candidacy is None:
        return ""
    done = apart(partial(_tried, candidacy, at), step=ACTOR) or _later(candidacy, at)
    reach("store.sweep.before_commit")
    return done


def _waking(at: datetime) -> QuerySet[Candidacy]:
    rows = Candidacy.objects.select_for_update(of=("self",), skip_locked=True).select_related("publisher", "service")
    return rows.filter(wakes_at__lte=at).order_by("wakes_at", "id")


def _tried(candidacy: Candidacy, at: datetime) -> str:
    try:
        return _do(candidacy, at)
    except GuardError:
        return _later(candidacy, at)


@transaction.atomic
def _do(candidacy: Candidacy, at: datetime) -> str:
    if candidacy.status == Status.SUBMITTED:
        moved = concluding.conclude(candidacy_id=candidacy.pk, at=at)
        return "concluded" if moved else _later(candidacy, at)
    if not _is_over(candidacy, at):
        _remind(candidacy, at)
        return "reminded"
    if candidacy.status == Status.DRAFT or due.stay_of(candidacy.status).times_out:
        return _time_out(candidacy, at)
    Candidacy.objects.filter(pk=candidacy.pk).update(wakes_at=None)  # late, and seen as late: nothing ends by itself
    return "late"


def _is_over(candidacy: Candidacy, at: datetime) -> bool:
    """A draft has no due date: for it the moment of waking is the end."""
    return candidacy.due_at is None or at > candidacy.due_at


def _time_out(candidacy: Candidacy, at: datetime) -> str:
    """Fire the end of the term, with what belongs to it in the same transaction. Raises `GuardError`."""
    if candidacy.status == Status.COMPLEMENT:
        timing_out.judge_by_timeout(candidacy, at=at)
    if candidacy.status in {Status.INCOMPLETE, Status.COMPLEMENT}:
        candidacy.requests.filter(answered_at=None, timed_out_at=None).update(timed_out_at=at)
    if candidacy.status == Status.APPEAL:
        open_one = candidacy.appeals.filter(closed_at=None)
        open_one.update(closed_at=at, outcome=Appeal.Outcome.SILENCE)
    transitions.fire(candidacy, Step(event=Event.TIMEOUT, by=Party.SYSTEM, actor=ACTOR, at=at))
    return "timed-out"


def _later(candidacy: Candidacy, at: datetime) -> str:
    """By its id alone: what was tried before may have left other values in the row at hand."""
    Candidacy.objects.filter(pk=candidacy.pk).update(wakes_at=at + LATER)
    return "later"


def _remind(candidacy: Candidacy, at: datetime) -> None:
    """One mail for the latest reminder whose moment has come, and the moment of the next one."""
    since, ends = candidacy.waits_since, candidacy.due_at
    if since is not None and ends is not None and candidacy.queue == Queue.PUBLISHER:
        passed = [
            left for left, moment in due.reminders(status=candidacy.status, since=since, due_at=ends) if moment <= at
        ]
        if passed:
            key = f"dossier:{candidacy.id}:{candidacy.sequence}:reminder:{passed[-1]}"
            people = telling.publisher_people(candidacy.publisher_id)
            facts = telling.facts_of(candidacy) | {"days": passed[-1]}
            telling.write(user_ids=people, template="reminder", key=key, facts=facts, at=at)
    candidacy.wakes_at = due.wakes_at(
        status=candidacy.status, queue=candidacy.queue, since=since or candidacy.status_at, due_at=ends, at=at
    )
    candidacy.save(update_fields=["wakes_at"])
