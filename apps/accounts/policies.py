"""Who may go further than the account pages after a sign-in."""

from __future__ import annotations

from apps.access import Decision
from apps.accounts.levels import reaches

LEVEL_REACHED = Decision(allowed=True, rule="accounts.level")
LEVEL_TOO_LOW = Decision(allowed=False, rule="accounts.level_too_low")


def may_see_content(*, level: str, minimum: str) -> Decision:
    """Content of a space needs the level of `HOLDER_MIN_LEVEL`; below it there are account pages only (SEC-34)."""
    return LEVEL_REACHED if reaches(level, minimum) else LEVEL_TOO_LOW
