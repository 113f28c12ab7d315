"""One after the other in a space: whoever writes, sends or chooses waits for the others, as messages are filed."""

from __future__ import annotations

from uuid import UUID

from apps.spaces.models import HealthSpace


def lock_space(space_id: UUID) -> None:
    """Until the end of the transaction; rows that only refer to the space are not waited for."""
    HealthSpace.objects.select_for_update(of=("self",), no_key=True).get(pk=space_id)
