"""Who may decide what in a space (SPA-30, SPA-55, ACC-10, ACC-12, ACC-20, ACC-32): pure rules, no query."""

from __future__ import annotations

from uuid import UUID

from apps.access import Actor, Decision, Purpose, Role
from apps.spaces.models import HealthSpace

OTHER_SPACE = Decision(allowed=False, rule="SEC-01")
SPACE_NOT_OPEN = Decision(allowed=False, rule="ACC-37.space")
RIGHT_ENDED = Decision(allowed=False, rule="SEC-04")
NOT_FOR_DELEGATES = Decision(allowed=False, rule="SPA-55")
NO_ROLE = Decision(allowed=False, rule="ACC-37.role")
NOT_THE_HOLDER = Decision(allowed=False, rule="SPA-52")
NOT_A_REPRESENTATIVE = Decision(allowed=False, rule="SPA-41")

# Entering a space for an emergency.
NO_REASON = Decision(allowed=False, rule="ACC-21")
NO_REGULATOR = Decision(allowed=False, rule="ACC-22")
MAY_ENTER = Decision(allowed=True, rule="ACC-37.enter")

REGULATOR = "10"  # TRE_G15, the only profession that regulates calls (ACC-22)
SHORTEST_REASON, LONGEST_REASON = 20, 500

_CLOSING_RULES = {
    HealthSpace.ClosureReason.HOLDER: "SPA-30",
    HealthSpace.ClosureReason.REPRESENTATIVE: "SPA-43",
    HealthSpace.ClosureReason.HELPED: "SPA-30",
    HealthSpace.ClosureReason.LATE_OPPOSITION: "ROL-14",
    HealthSpace.ClosureReason.TOO_LATE: "SPA-30",
    HealthSpace.ClosureReason.EX_OFFICIO: "SPA-35",
    HealthSpace.ClosureReason.DEATH: "SPA-36",
}
EMERGENCY_RULE = "ACC-20"
PRIVACY_RULE = "ACC-32"
BLOCK_RULE = "ACC-10"
CONSENT_RULE = "ACC-02"
ADMINISTRATOR_RULE = "ACC-12"
DELEGATES_RULE = "SPA-54"
REPRESENTATIVES_RULE = "SPA-41"
ASSISTANCE_RULE = "SPA-51"


def may_enter(*, purpose: Purpose, reason: str, profession: str, regulates_calls: bool) -> Decision:
    """Entering in a mode of access: break-glass needs a typed reason (ACC-21), the call a regulating doctor (ACC-22).

    Only what holds for the whole visit; whether the holder has refused the emergency is decided on each document.
    """
    match purpose:
        case Purpose.BREAK_GLASS if not SHORTEST_REASON <= len(" ".join(reason.split())) <= LONGEST_REASON:
            return NO_REASON
        case Purpose.EMERGENCY_CALL if profession != REGULATOR or not regulates_calls:
            return NO_REGULATOR
        case _:
            return MAY_ENTER


def may_decide(actor: Actor, rule: str) -> Decision:
    """Deciding about a space itself, under `rule`: its holder and legal representatives, never a delegate (SPA-55)."""
    if not actor.rights.space_open:
        return SPACE_NOT_OPEN
    match actor.role:
        case Role.HOLDER | Role.REPRESENTATIVE if actor.has_current_right:
            return Decision(allowed=True, rule=rule)
        case Role.HOLDER | Role.REPRESENTATIVE:
            return RIGHT_ENDED
        case Role.DELEGATE:
            return NOT_FOR_DELEGATES
        case _:
            return NO_ROLE


def may_block(actor: Actor) -> Decision:
    """Blocking a professional: who decides about the space, and its administrators (ACC-10, ACC-12)."""
    if actor.role is Role.PROFESSIONAL and actor.rights.space_open and actor.rights.administrator:
        return Decision(allowed=True, rule=ADMINISTRATOR_RULE)
    return may_decide(actor, BLOCK_RULE)


def may_name_administrator(actor: Actor) -> Decision:
    """Naming an administrator: who decides, and the portal for the doctor declared to the insurance (ACC-12)."""
    if actor.role is Role.SYSTEM and actor.rights.space_open:
        return Decision(allowed=True, rule=ADMINISTRATOR_RULE)
    return may_decide(actor, ADMINISTRATOR_RULE)


def may_manage_delegates(actor: Actor) -> Decision:
    """Inviting relatives who help, changing what they may do, stopping them: the holder alone (SPA-52, SPA-55)."""
    decision = may_decide(actor, DELEGATES_RULE)
    if decision and actor.role is not Role.HOLDER:
        return NOT_THE_HOLDER
    return decision


def may_invite_representative(actor: Actor) -> Decision:
    """Inviting the second representative of a child: the first one (SPA-41)."""
    decision = may_decide(actor, REPRESENTATIVES_RULE)
    if decision and actor.role is not Role.REPRESENTATIVE:
        return NOT_A_REPRESENTATIVE
    return decision


def may_agree_to_assistance(actor: Actor) -> Decision:
    """Letting see whoever assists, or no longer: the protected person alone (SPA-51)."""
    decision = may_decide(actor, ASSISTANCE_RULE)
    if decision and actor.role is not Role.HOLDER:
        return NOT_THE_HOLDER
    return decision


def may_close(actor: Actor, space_id: UUID, reason: HealthSpace.ClosureReason) -> Decision:
    """Closing: the holder and the representatives by themselves, the operator for each other reason (SPA-30)."""
    reasons = HealthSpace.ClosureReason
    if actor.role is Role.SYSTEM:
        by_operator = reason not in {reasons.HOLDER, reasons.REPRESENTATIVE}
        return Decision(allowed=True, rule=_CLOSING_RULES[reason]) if by_operator else NO_ROLE
    if actor.space_id != space_id:
        return OTHER_SPACE
    own = {Role.HOLDER: reasons.HOLDER, Role.REPRESENTATIVE: reasons.REPRESENTATIVE}
    decision = may_decide(actor, _CLOSING_RULES[reason])
    return NO_ROLE if decision and own[actor.role] != reason else decision
