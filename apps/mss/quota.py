"""How much a box holds, and when it takes nothing more (452 4.2.2, section 7 of the rules of the mailbox).

What is counted is what lies in the vault: messages as they came, files of messages in and out, and what the door has
taken and nobody has filed yet. The record of the space is not counted: a document that was saved counts with its
message alone.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from apps.mss.models import ArrivalAddress, Attachment, Message
from apps.spaces.models import HealthSpace

SECONDS = 60.0  # a door knows after so long what was erased, and what other doors took
REMEMBERED = 10_000
_NOTHING = Value(0, output_field=BigIntegerField())


class Uses:
    """What the boxes that one door met hold: counted once a minute, then what it takes is added. For many threads.

    A count reads a row a message, and a sender who fills a box asks before each one.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[UUID, tuple[int, float]] = OrderedDict()  # bytes, and when they were counted

    def is_full(self, space_id: UUID) -> bool:
        """Whether the box of a space takes nothing more; deleting messages for good makes room within a minute."""
        known = self._known.get(space_id)
        if known is None or monotonic() - known[1] >= SECONDS:
            known = (used_bytes(space_id=space_id), monotonic())
            with self._lock:
                self._known[space_id] = known
                if len(self._known) > REMEMBERED:
                    self._known.popitem(last=False)
        return known[0] >= settings.MSS_BOX_BYTES

    def add(self, space_id: UUID, size: int) -> None:
        """A message was kept for this box."""
        with self._lock:
            if space_id in self._known:
                used, counted_at = self._known[space_id]
                self._known[space_id] = (used + size, counted_at)


def used_bytes(*, space_id: UUID) -> int:
    """Bytes that count for the box of a space, by one statement; 0 of a space that is not there."""
    messages = _sum(Message.objects.filter(space_id=OuterRef("pk")), "size")
    files = _sum(Attachment.objects.filter(space_id=OuterRef("pk")), "size")
    waiting = _sum(ArrivalAddress.objects.filter(space_id=OuterRef("pk"), filed_at=None), "arrival__size")
    used = HealthSpace.objects.filter(pk=space_id).values_list(messages + files + waiting, flat=True).first()
    return int(used or 0)


def _sum(rows: QuerySet[Any], column: str) -> Coalesce:
    total = rows.order_by().annotate(one=F(column)).values("space_id").annotate(sum=Sum("one")).values("sum")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), _NOTHING)
