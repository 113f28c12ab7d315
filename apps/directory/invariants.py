"""What must hold of the copy of the national directories at every moment."""

from __future__ import annotations

from datetime import datetime

from apps.common.invariants import register
from apps.directory.trust import ListState, standing


@register("directory.trust_list_not_current")
def trust_list_not_current(*, at: datetime) -> int:
    """1 when the white list has expired, is about to, or was not brought in lately (MSS-03).

    A portal that never had one has no door of the mailbox yet; the door itself says so.
    """
    return int(standing(at).state in {ListState.LATE, ListState.EXPIRED})
