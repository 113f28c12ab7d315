"""Whether a notice that waits is still to leave, and to whom: asked again just before (REL-09, SPA-36)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.rollout.models import EligiblePerson, Notice, StopOrder, Wave
from apps.rollout.texts import BEGINS_WINDOW

State = EligiblePerson.State
MOVED_ON, DIED = "moved-on", "died"
# Whoever may ask for a new code (O-09): somebody whose notice has left, and who may still choose or choose again.
MAY_HAVE_CODE = (State.NOTICE_SENT, State.OPPOSED, State.OPPOSED_DMP_KEPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halts:
    """What must not leave now, read from rows inside each batch (REL-10)."""

    everything: bool
    stopped: frozenset[UUID]
    paused: frozenset[UUID]


def halts() -> Halts:
    """The stops that stand and the waves that are paused."""
    waves = set(StopOrder.objects.filter(lifted_at=None).values_list("wave_id", flat=True))
    paused = Wave.objects.exclude(paused_at=None).values_list("pk", flat=True)
    return Halts(
        everything=None in waves,
        stopped=frozenset(waves - {None}),
        paused=frozenset(paused),
    )


def may_leave(rows: QuerySet[Notice], *, now: Halts) -> QuerySet[Notice]:
    """Without those of stopped waves, and without the notices of paused ones (ROL-12)."""
    if now.everything:
        return rows.none()
    if now.stopped:
        rows = rows.exclude(wave__in=now.stopped)
    if now.paused:
        rows = rows.exclude(Q(wave__in=now.paused) & Q(kind__in=BEGINS_WINDOW))
    return rows


def unfit(notice: Notice) -> str:
    """Why a notice is not to leave any more, as a code; empty when it is. `person.identity` and `code` have been read.

    One that begins the six weeks brings the live code, or leaves that to the one that was written since.
    """
    person, kind = notice.person, notice.kind
    is_replaced = notice.code is not None and notice.code.ended_at is not None
    if kind in BEGINS_WINDOW and (person.state != State.NOTICE_QUEUED or is_replaced):
        return MOVED_ON
    if kind == Notice.Kind.RESENT and person.state not in MAY_HAVE_CODE:
        return MOVED_ON
    if kind == Notice.Kind.CONFIRM and person.state != State.OPPOSED_DMP_KEPT:
        return MOVED_ON
    if person.identity.died_on is not None:
        return DIED
    return ""


def contacts(notices: Iterable[Notice]) -> Mapping[UUID, EligiblePerson]:
    """By notice, the line of the register with the addresses of its reader: their own, else that of the household."""
    notices = list(notices)
    wanted = {notice.reader_id for notice in notices if notice.reader_id is not None}
    rows = EligiblePerson.objects.in_bulk(wanted) if wanted else {}
    return {
        notice.pk: notice.person if notice.reader_id is None else rows.get(notice.reader_id, notice.person)
        for notice in notices
    }
