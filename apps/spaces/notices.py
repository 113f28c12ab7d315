"""What people are told when somebody chooses for a space; ids and codes only (NOT-15)."""

from __future__ import annotations

from apps.audit.services import AuditEvent
from apps.notifications import services as notifications
from apps.notifications.kinds import Kind
from apps.spaces.audience import people_to_tell


def tell_of_choice(line: AuditEvent) -> None:
    """Tell the holder and who represents them, the one who has acted too: it may be somebody else on their session.

    `line` is that of the trail; its id makes the notice the only one.
    """
    _tell(line, Kind.PRIVACY_CHANGE)


def tell_of_administrator(line: AuditEvent) -> None:
    """The same for a professional who administers the space: never silently (ACC-12)."""
    _tell(line, Kind.ADMINISTRATOR)


def _tell(line: AuditEvent, kind: Kind) -> None:
    notifications.announce(
        user_ids=people_to_tell(space_id=line.scope_id, at=line.at),
        kind=kind,
        at=line.at,
        key=f"{line.action}:{line.id}",
        space_id=line.scope_id,
        facts={"act": line.action},
    )
