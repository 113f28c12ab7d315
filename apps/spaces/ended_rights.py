"""Telling both sides of a right that the clock has ended. The end itself needs no job (SEC-04, REL-22, S41)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from apps.spaces.majority import is_minor
from apps.spaces.models import Delegation, Representation
from apps.spaces.telling import tell_person, tell_space

AT_MOST = 200  # a slice well under the time limit of a task; the next one takes the rest
MAJORITY_NOTICE = timedelta(days=90)  # three months before the 18th birthday (SE-08)
STALE = timedelta(days=30)  # an end that is older is no news: it is written off without a notice


def tell_ended(*, at: datetime) -> int:
    """Tell of delegations and representations whose end has passed, each once; returns how many were told.

    May run twice or late: the row keeps that it was told, and the notice has a key of its own.
    """
    return sum(_tell(model, at) for model in (Delegation, Representation))


@transaction.atomic
def _tell(model: type[Delegation] | type[Representation], at: datetime) -> int:
    over = model.objects.with_end().filter(until__lte=at, end_told_at=None)
    rows = list(over.select_for_update(of=("self",), skip_locked=True).order_by("space_id", "id")[:AT_MOST])
    told = 0
    for row in rows:
        if row.until > at - STALE:
            tell_person(person_id=row.person_id, act="ended", about=row, at=at)
            tell_space(space_id=row.space_id, act="ended", about=row, at=at)
            told += 1
        model.objects.filter(space_id=row.space_id, id=row.id).update(end_told_at=at)
    return told


@transaction.atomic
def tell_of_majority(*, at: datetime) -> int:
    """Tell the representatives of a child, three months before, that their access ends at 18 (SPA-48); once.

    The child has no sign-in (SPA-47): the young adult reads on their page who had access until when.
    """
    soon = Representation.objects.running(at=at).filter(until__lte=at + MAJORITY_NOTICE, majority_told_at=None)
    locked = soon.select_for_update(of=("self",), skip_locked=True).select_related("space__identity")
    told = 0
    for row in locked.order_by("space_id", "id")[:AT_MOST]:
        if is_minor(row.space.identity.born_on, at=at):
            tell_person(person_id=row.person_id, act="majority-soon", about=row, at=at)
            told += 1
        Representation.objects.filter(space_id=row.space_id, id=row.id).update(majority_told_at=at)
    return told
