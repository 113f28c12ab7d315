"""Whoever opposed although they had a DMP is asked to confirm it: silence ends the opposition (SPA-21, O-05)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.rollout.jobs.readers import readers_of
from apps.rollout.jobs.telling import tell
from apps.rollout.models import EligiblePerson, Notice, Opposition
from apps.rollout.writing import NewNotice

AT_MOST = 2_000  # people a run
Hold, State = EligiblePerson.Hold, EligiblePerson.State


def ask_to_confirm(*, at: datetime, at_most: int = AT_MOST) -> int:
    """Ask each of them once for an opposition, whatever the transition lasts; returns how many.

    Whoever can be written to nowhere is looked at again by the next run. A contradiction is decided first.
    """
    asked = 0
    for opposition_id in list(_unasked().order_by("entered_at", "id").values_list("pk", flat=True)):
        if asked == at_most:
            break
        asked += _ask(opposition_id, at)
    return asked


def _unasked() -> QuerySet[Opposition]:
    told = Notice.objects.filter(
        person=OuterRef("person"), kind=Notice.Kind.CONFIRM, prepared_at__gte=OuterRef("entered_at")
    )
    standing = Opposition.objects.filter(
        ~Exists(told), withdrawn_at=None, confirmed_at=None, person__state=State.OPPOSED_DMP_KEPT
    )
    return standing.exclude(person__hold=Hold.CONFLICT)


@transaction.atomic
def _ask(opposition_id: UUID, at: datetime) -> bool:
    """False when it was confirmed or withdrawn meanwhile, or nobody can be written to."""
    found = Opposition.objects.filter(pk=opposition_id).values_list("person_id")
    rows = EligiblePerson.objects.select_for_update(of=("self",), skip_locked=True)
    person = rows.filter(pk__in=found).first()
    if person is None or not _unasked().filter(pk=opposition_id).exists():
        return False
    readers = [reader for reader in readers_of([person.pk], at=at) if reader.mail or reader.has_street]
    new = NewNotice(kind=Notice.Kind.CONFIRM, key=f"confirm:{opposition_id}", channel=Notice.Channel.MAIL)
    tell(person=person, readers=readers, new=new, at=at)
    return bool(readers)
