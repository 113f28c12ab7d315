"""The box that wrote, seen from one space (MSS-06, MSS-07, MSS-20 to MSS-24)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.directory import boxes as directory
from apps.directory.models import Mailbox as Listed
from apps.formats.mail.model import Mailbox
from apps.mss.models import Correspondent

_ADDRESS = 320
_NAME = 200


def box_of(*, space_id: UUID, sender: Mailbox | None) -> Correspondent | None:
    """The box of this sender, made at its first message; the caller holds the lock of the space.

    A box of the national directory bears the name, the kind and the number that are registered there, whatever its
    sender writes; they are looked at again with each message. Any other one is not listed and bears the name that its
    sender wrote (« hors annuaire »). One that was listed keeps the name that it had (DIR-04).
    """
    if sender is None:
        return None
    address = sender.address.lower()[:_ADDRESS]
    known = Correspondent.objects.filter(space_id=space_id, address=address).first()
    box = known or Correspondent(space_id=space_id, address=address, display_name=_shown(sender.name, address))
    before = _registered(box)
    listed = directory.box_at(address)
    if listed is not None:
        _take_over(box, listed)
    elif sender.name and not box.is_listed:
        box.display_name = _shown(sender.name, address)
    if known is None or _registered(box) != before:
        box.save()
    return box


def note_writing(box: Correspondent, *, received_at: datetime, is_end: bool) -> None:
    """The hour of its last message, and of the end of the exchange: the later one counts, in whatever order messages
    are filed, so that a message behind an end opens the exchange again (MSS-23, MSS-24).
    """
    box.wrote_at = max(box.wrote_at or received_at, received_at)
    if is_end:
        box.ended_at = max(box.ended_at or received_at, received_at)
    box.save(update_fields=["wrote_at", "ended_at"])


def _take_over(box: Correspondent, listed: Listed) -> None:
    box.display_name, box.is_listed = _shown(listed.name, box.address), True
    box.national_id = listed.national_id
    # A practice (CAB) is none of the kinds that a space knows (MSS-07).
    box.kind = listed.box_type if listed.box_type in Correspondent.Kind.values else Correspondent.Kind.UNKNOWN


def _registered(box: Correspondent) -> tuple[str, bool, str, str]:
    return box.display_name, box.is_listed, box.kind, box.national_id


def _shown(name: str, address: str) -> str:
    """Never an address: it is not shown, and a name that looks like one is a lure (MSS-22)."""
    return (name if name and "@" not in name else address.rpartition("@")[2] or "?")[:_NAME]
