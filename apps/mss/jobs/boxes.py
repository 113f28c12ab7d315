"""The box that wrote, seen from one space (MSS-06, MSS-07, MSS-20 to MSS-24)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.formats.mail.model import Mailbox
from apps.mss.models import Correspondent

_ADDRESS = 320
_NAME = 200


def box_of(*, space_id: UUID, sender: Mailbox | None) -> Correspondent | None:
    """The box of this sender, made at its first message; the caller holds the lock of the space.

    The copy of the national directory holds no mailboxes, so a new box is not listed and bears the name that its sender
    wrote (« hors annuaire »); the name of a listed one stays as it is registered.
    """
    if sender is None:
        return None
    address = sender.address.lower()[:_ADDRESS]
    box = Correspondent.objects.filter(space_id=space_id, address=address).first()
    if box is None:
        return Correspondent.objects.create(space_id=space_id, address=address, display_name=_name_of(sender))
    if not box.is_listed and sender.name and box.display_name != _name_of(sender):
        box.display_name = _name_of(sender)
        box.save(update_fields=["display_name"])
    return box


def note_writing(box: Correspondent, *, received_at: datetime, is_end: bool) -> None:
    """The hour of its last message, and of the end of the exchange: the later one counts, in whatever order messages
    are filed, so that a message behind an end opens the exchange again (MSS-23, MSS-24).
    """
    box.wrote_at = max(box.wrote_at or received_at, received_at)
    if is_end:
        box.ended_at = max(box.ended_at or received_at, received_at)
    box.save(update_fields=["wrote_at", "ended_at"])


def _name_of(sender: Mailbox) -> str:
    """Never an address: it is not shown, and a name that looks like one is a lure (MSS-22)."""
    name = sender.name if "@" not in sender.name else ""
    return (name or sender.domain or "?")[:_NAME]
