"""Events of the ways into an account become notices and mails (SEC-18, IDN-57); each one once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import SecurityEvent
from apps.notifications.kinds import Kind
from apps.notifications.writing import Event, write_security

AT_MOST = 500


def tell_security(*, at: datetime) -> int:
    """Tell what nobody was told of yet, oldest first; returns the number of events. The mails leave by the sweep."""
    untold = SecurityEvent.objects.filter(told_at=None).order_by("at", "id")
    return sum(_tell(event_id, at) for event_id in untold.values_list("pk", flat=True)[:AT_MOST])


@transaction.atomic
def _tell(event_id: UUID, at: datetime) -> bool:
    rows = SecurityEvent.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    row = rows.filter(pk=event_id, told_at=None).first()
    if row is None:
        return False
    event = Event(kind=Kind.SECURITY, at=row.at, key=f"security:{row.id}", facts={"code": row.kind})
    write_security(user=row.user, event=event, former_address=row.former_address)
    row.told_at = at
    row.save(update_fields=["told_at"])
    return True
