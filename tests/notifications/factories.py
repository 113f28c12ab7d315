"""Rows of notices for tests."""

from __future__ import annotations

from typing import Any

from apps.notifications.kinds import Kind
from apps.notifications.models import Notice, OutgoingMail
from apps.notifications.writing import new_message_id
from tests.harness.clock import NOON


def notice(*, user: Any, kind: Kind = Kind.SECURITY, key: str = "notice", **values: Any) -> Notice:
    """A security notice of NOON, unread, without a mail."""
    return Notice.objects.create(user=user, kind=kind, key=key, **{"at": NOON, **values})


def mail(*, user: Any, kind: str = "security", key: str = "mail", **values: Any) -> OutgoingMail:
    """A mail that is due at NOON, with the notice it tells of."""
    defaults = {"message_id": new_message_id(), "at": NOON, "due_at": NOON}
    row = OutgoingMail.objects.create(user=user, kind=kind, key=key, **{**defaults, **values})
    if kind in Kind.values:
        Notice.objects.create(user=user, kind=kind, key=key, at=NOON, space_id=row.space_id, mail=row)
    return row
