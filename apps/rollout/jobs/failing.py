"""Openings that fail: whoever it is about is found, marked and told; everybody else goes on (SPA-05)."""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from apps.rollout.jobs.readers import readers_of
from apps.rollout.jobs.telling import tell
from apps.rollout.models import EligiblePerson, Notice, Opposition
from apps.rollout.transitions import Step, move, sources_of
from apps.rollout.writing import NewNotice

# What one person's data can bring about. A lost connection, a full disk or a bug is nobody's failure: the run ends.
PERSONAL = (DataError, IntegrityError)
AT_MOST = 200  # people a run
KEY = "failed-opening"


class TooManyFailuresError(Exception):
    """So many openings of one run failed that the fault is ours: nobody else is marked or told."""


class Tally:
    """Counts the failures of a run over all its lanes."""

    def __init__(self) -> None:
        self.people = 0
        self._lock = Lock()

    def add(self) -> None:
        """One more. Raises `TooManyFailuresError`."""
        with self._lock:
            if self.people >= AT_MOST:
                raise TooManyFailuresError
            self.people += 1


def reason_of(error: Exception) -> str:
    """Code of what the database said; its words hold values of people (SEC-22)."""
    return f"sql-{getattr(error.__cause__, 'sqlstate', None) or 'unknown'}"


@transaction.atomic
def mark_failed(*, person_id: UUID, reason: str, actor: str, at: datetime) -> bool:
    """The opening of one person failed: visible state, and a notice without delay; False when they moved on meanwhile.

    The next runs try again. An opposition that lapsed by silence has lapsed all the same (SPA-21).
    """
    rows = EligiblePerson.objects.select_for_update(of=("self",), skip_locked=True)
    person = rows.filter(pk=person_id, state__in=sources_of(EligiblePerson.State.OPEN_FAILED)).first()
    if person is None:
        return False
    if person.state == EligiblePerson.State.OPPOSED_DMP_KEPT:
        Opposition.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at)
    move(person, Step(to=EligiblePerson.State.OPEN_FAILED, at=at, actor=actor, reason=reason))
    _tell(person, at)
    return True


def _tell(person: EligiblePerson, at: datetime) -> None:
    """Once, however often the opening fails; a minor's representative is told in their place."""
    new = NewNotice(kind=Notice.Kind.FAILED_OPENING, key=KEY, channel=Notice.Channel.MAIL)
    tell(person=person, readers=readers_of([person.pk], at=at), new=new, at=at)
