"""Who may do what in the store, by the roles of the staff and of the members of a publisher (STO-13 to STO-20)."""

from __future__ import annotations

from apps.access import Actor, Decision, Role
from apps.accounts.models import StaffRole
from apps.store.models import Member

REVIEW = frozenset(
    {
        StaffRole.DESK, StaffRole.ASSESSOR, StaffRole.PRIVACY, StaffRole.SECRETARIAT, StaffRole.MEMBER,
        StaffRole.DELEGATE, StaffRole.APPEALS,
    }
)  # fmt: skip
MAY = Decision(allowed=True, rule="STO-13.member")
NOT_A_MEMBER = Decision(allowed=False, rule="STO-13.member")
NO_ROLE = Decision(allowed=False, rule="STO-13.role")
MAY_REVIEW = Decision(allowed=True, rule="STO-14.role")
NO_REVIEWER = Decision(allowed=False, rule="STO-14.role")
LINKED = Decision(allowed=False, rule="STO-18.conflict")


def may_act_for(actor: Actor, member: Member | None, *roles: Member.Role) -> Decision:
    """A running member of the publisher, with one of the roles where some are named; an administrator may do all but
    sign.
    """
    if actor.role is not Role.PUBLISHER or member is None or member.ended_at is not None:
        return NOT_A_MEMBER
    if not roles or not set(roles).isdisjoint(member.roles):
        return MAY
    return MAY if member.is_owner and Member.Role.SIGNATORY not in roles else NO_ROLE


def may_review(actor: Actor, *roles: StaffRole) -> Decision:
    """A member of the staff who holds one of the roles now."""
    holds = actor.role is Role.STAFF and not actor.staff_roles.isdisjoint(roles or REVIEW)
    return MAY_REVIEW if holds else NO_REVIEWER
