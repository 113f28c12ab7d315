"""How much a box holds, and when it takes nothing more (452 4.2.2, section 7 of the rules of the mailbox).

What is counted is what lies in the vault: messages as they came, files of messages in and out, and what the door has
taken and nobody has filed yet. The record of the space is not counted: a document that was saved counts with its
message alone.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.db.models.query_utils import Q

from apps.mss.models import ArrivalAddress, Attachment, Message

_NOTHING = Value(0, output_field=BigIntegerField())


def used_bytes(*, space_id: UUID) -> int:
    """Bytes that count for the box of a space."""
    kept = sum(
        rows.filter(space_id=space_id).aggregate(sum=Sum("size"))["sum"] or 0
        for rows in (Message.objects.all(), Attachment.objects.all())
    )
    waiting = ArrivalAddress.objects.filter(space_id=space_id, filed_at=None).aggregate(sum=Sum("arrival__size"))
    return int(kept) + int(waiting["sum"] or 0)


def is_full(*, space_id: UUID) -> bool:
    """Whether the box of a space takes nothing more; deleting messages for good makes room."""
    return used_bytes(space_id=space_id) >= settings.MSS_BOX_BYTES


def used_by(space: str, *, when: Q) -> Case:
    """The same inside a statement about other rows: `space` names the column of the space.

    It is worked out `when` the condition holds and is 0 otherwise, so that the time of an answer says nothing of a
    space whose existence it must not tell (MSS-70).
    """
    messages = _sum(Message.objects.filter(space_id=OuterRef(space)), "size")
    kept = messages + _sum(Attachment.objects.filter(space_id=OuterRef(space)), "size")
    waiting = _sum(ArrivalAddress.objects.filter(space_id=OuterRef(space), filed_at=None), "arrival__size")
    return Case(When(when, then=kept + waiting), default=_NOTHING, output_field=BigIntegerField())


def _sum(rows: QuerySet[Any], column: str) -> Coalesce:
    total = rows.order_by().annotate(one=F(column)).values("space_id").annotate(sum=Sum("one")).values("sum")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), _NOTHING)
