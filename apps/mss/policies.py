"""Who may do what in a mailbox: pure rules, no query. `querysets.visible_to` says `may_read` in SQL."""

from __future__ import annotations

from apps.access import Actor, Decision, Role, Section
from apps.mss.models import Correspondent, Thread

SPACE_NOT_OPEN = Decision(allowed=False, rule="ACC-37.space")
NO_ROLE = Decision(allowed=False, rule="MSS-82")
RIGHT_ENDED = Decision(allowed=False, rule="SEC-04")
NOT_DELEGATED = Decision(allowed=False, rule="SPA-55")
HOLDER_SIDE = Decision(allowed=True, rule="MSS-14")
DELEGATED = Decision(allowed=True, rule="MSS-81")
MAY_WRITE = Decision(allowed=True, rule="MSS-20")
THREAD_CLOSED = Decision(allowed=False, rule="MSS-24.closed")
IN_BIN = Decision(allowed=False, rule="MSS-37")
ENDED = Decision(allowed=False, rule="MSS-24")
BLOCKED = Decision(allowed=False, rule="MSS-20.blocked")
NEVER_WROTE = Decision(allowed=False, rule="MSS-20")


def may_read(actor: Actor) -> Decision:
    """Reading the mailbox of the actor's space; nobody but the holder's side ever does (MSS-82, MSS-83)."""
    if actor.space_id is None or not actor.rights.space_open:
        return SPACE_NOT_OPEN
    if not actor.is_holder_side:
        return NO_ROLE
    if not actor.has_current_right:
        return RIGHT_ENDED
    if not actor.reads(Section.MESSAGES):
        return NOT_DELEGATED
    return DELEGATED if actor.role is Role.DELEGATE else HOLDER_SIDE


def may_manage(actor: Actor) -> Decision:
    """Writing, closing, putting into the bin; marking as read needs `may_read` only."""
    decision = may_read(actor)
    if decision and not actor.manages(Section.MESSAGES):
        return NOT_DELEGATED
    return decision


def may_write(actor: Actor, correspondent: Correspondent, thread: Thread | None = None) -> Decision:
    """Writing to one box: only to one that has written and did not end the exchange (MSS-20, MSS-24)."""
    decision = may_manage(actor)
    if not decision:
        return decision
    if thread is not None and thread.binned_at is not None:
        return IN_BIN
    if thread is not None and thread.closed_at is not None:
        return THREAD_CLOSED
    if correspondent.blocked_at is not None:
        return BLOCKED
    if correspondent.has_ended:
        return ENDED
    return MAY_WRITE if correspondent.may_be_written_to else NEVER_WROTE
