"""Letters that wait are gathered into batches for the printer, at most 10,000 each (RO-05)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max, Min

from apps.rollout.jobs.fitting import halts, may_leave
from apps.rollout.models import LetterBatch, Notice

LARGEST = 10_000
# A smaller batch is made of letters that have waited so long, or when an operator asks for it.
GATHERED = timedelta(hours=12)
_LOCK = 0x526F6C6C_4C657474  # "RollLett"
_WAITING = (Notice.State.PREPARED,)


def gather(
    *, at: datetime, everything: bool = False, wave_id: UUID | None = None, at_most: int | None = None
) -> list[LetterBatch]:
    """Make batches of the letters that wait: full ones, and of the rest what has waited long enough.

    `everything`: an operator wants even small ones now, of one wave when it is named. Letters of a stop or of a paused
    wave stay. Two runs at once make no letter stand in two batches. `at_most`: so many batches.
    """
    waiting = Notice.objects.filter(channel=Notice.Channel.POST, state__in=_WAITING, batch=None, due_at__lte=at)
    waiting = may_leave(waiting, now=halts())
    if wave_id is not None:
        waiting = waiting.filter(wave=wave_id)
    groups = waiting.order_by().values("wave").annotate(letters=Count("pk"), oldest=Min("due_at"))
    made: list[LetterBatch] = []
    for group in sorted(groups, key=lambda group: str(group["wave"] or "")):
        left = group["letters"]
        ripe = everything or group["oldest"] <= at - GATHERED
        while (left >= LARGEST or (ripe and left > 0)) and len(made) != at_most:
            batch = _fill(group["wave"], at)
            if batch is None:
                break
            made.append(batch)
            left -= batch.letters
    return made


@transaction.atomic
def _fill(wave_id: UUID | None, at: datetime) -> LetterBatch | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    rows = Notice.objects.filter(
        channel=Notice.Channel.POST, state__in=_WAITING, batch=None, due_at__lte=at, wave=wave_id
    )
    rows = may_leave(rows, now=halts()).select_for_update(of=("self",), skip_locked=True)
    ids = list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:LARGEST])
    if not ids:
        return None
    number = (LetterBatch.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    batch = LetterBatch.objects.create(number=number, wave_id=wave_id, letters=len(ids), created_at=at)
    Notice.objects.filter(pk__in=ids).update(batch=batch, due_at=None)
    return batch
