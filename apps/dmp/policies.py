"""Who may do what with a document: pure rules, no query. `querysets.visible_to` says `may_read` in SQL.

Order of ACC-37, first match decides. Each outcome carries its rule into the trail.
"""

from __future__ import annotations

from apps.access import Actor, Decision, Role, Section
from apps.dmp.models import Document

OTHER_SPACE = Decision(allowed=False, rule="SEC-01")
SPACE_NOT_OPEN = Decision(allowed=False, rule="ACC-37.space")
NO_ROLE = Decision(allowed=False, rule="ACC-37.role")
RIGHT_ENDED = Decision(allowed=False, rule="SEC-04")
AUTHOR = Decision(allowed=True, rule="ACC-37.author")
NOT_DELEGATED = Decision(allowed=False, rule="SPA-55")
NOT_ANNOUNCED = Decision(allowed=False, rule="ACC-34")
KEPT_FROM_REPRESENTATIVES = Decision(allowed=False, rule="ACC-33")
HOLDER_SIDE = Decision(allowed=True, rule="ACC-37.holder")
BLOCKED = Decision(allowed=False, rule="ACC-10")
NO_CONSENT = Decision(allowed=False, rule="ACC-02")
NOT_IN_MATRIX = Decision(allowed=False, rule="ACC-09")
HIDDEN = Decision(allowed=False, rule="ACC-31")
EMERGENCY = Decision(allowed=True, rule="ACC-20")
CONSENT = Decision(allowed=True, rule="ACC-02")
MAY_CHANGE_VISIBILITY = Decision(allowed=True, rule="DMP-31")
NOT_HOLDER_SIDE = Decision(allowed=False, rule="DMP-31")
MAY_DEPOSIT = Decision(allowed=True, rule="ACC-05")
MAY_NOT_DEPOSIT = Decision(allowed=False, rule="ACC-05")
MAY_ADD = Decision(allowed=True, rule="DMP-50")
NOT_HOLDERS = Decision(allowed=False, rule="DMP-50")
MAY_ARRANGE = Decision(allowed=True, rule="DMP-61")
MAY_NOT_ARRANGE = Decision(allowed=False, rule="DMP-61")
MAY_WITHDRAW = Decision(allowed=True, rule="DMP-67")
MAY_NOT_WITHDRAW = Decision(allowed=False, rule="DMP-67")


def may_read(actor: Actor, document: Document) -> Decision:
    """Reading of one document's content."""
    if actor.space_id != document.space_id:
        return OTHER_SPACE
    if not actor.rights.space_open:
        return SPACE_NOT_OPEN
    match actor.role:
        case Role.HOLDER | Role.REPRESENTATIVE | Role.DELEGATE:
            return _may_holder_side_read(actor, document)
        case Role.PROFESSIONAL:
            return _may_professional_read(actor, document)
        case _:
            return NO_ROLE


def may_hide(actor: Actor, document: Document) -> Decision:
    """Hiding from professionals and showing again: the holder's side, on documents they can read (DMP-31, SPA-55)."""
    if not actor.is_holder_side:
        return NOT_HOLDER_SIDE
    decision = may_read(actor, document)
    if decision and not actor.manages(Section.DOCUMENTS):
        return NOT_DELEGATED
    return MAY_CHANGE_VISIBILITY if decision else decision


def may_deposit(actor: Actor) -> Decision:
    """Authorisation governs consultation only: any professional may feed an open space, blocked ones too (ACC-05,
    ACC-10). The holder's side adds by `may_add`.
    """
    if not actor.rights.space_open:
        return SPACE_NOT_OPEN
    return MAY_DEPOSIT if actor.role in {Role.PROFESSIONAL, Role.SYSTEM} else MAY_NOT_DEPOSIT


def may_withdraw(actor: Actor) -> Decision:
    """What an author asks back goes by the portal's own hand, after the question whose it is (DMP-67, MSS-52)."""
    if not actor.rights.space_open:
        return SPACE_NOT_OPEN
    return MAY_WITHDRAW if actor.role is Role.SYSTEM else MAY_NOT_WITHDRAW


def may_add(actor: Actor) -> Decision:
    """The holder's side adds documents of its own and those it was sent (DMP-50, MSS-55)."""
    if not actor.rights.space_open:
        return SPACE_NOT_OPEN
    if not actor.is_holder_side:
        return NOT_HOLDERS
    if not actor.has_current_right:
        return RIGHT_ENDED
    return MAY_ADD if actor.manages(Section.DOCUMENTS) else NOT_DELEGATED


def may_arrange(actor: Actor) -> Decision:
    """Folders and pins: the holder's side, a delegate only with the right to manage documents (DMP-61, SPA-55)."""
    if not actor.rights.space_open:
        return SPACE_NOT_OPEN
    if not actor.is_holder_side:
        return MAY_NOT_ARRANGE
    if not actor.has_current_right:
        return RIGHT_ENDED
    return MAY_ARRANGE if actor.manages(Section.DOCUMENTS) else NOT_DELEGATED


def _may_holder_side_read(actor: Actor, document: Document) -> Decision:
    if not actor.has_current_right:
        return RIGHT_ENDED
    if not actor.reads(Section.DOCUMENTS):
        return NOT_DELEGATED
    if document.concealed_until is not None and document.concealed_until > actor.at:
        return NOT_ANNOUNCED
    if actor.role is not Role.HOLDER and document.kept_from_representatives:
        return KEPT_FROM_REPRESENTATIVES
    return HOLDER_SIDE


def _may_professional_read(actor: Actor, document: Document) -> Decision:
    if actor.national_id and actor.national_id in {document.author_id, document.depositor_id}:
        return AUTHOR
    if not actor.emergency_allowed:
        if actor.rights.blocked:
            return BLOCKED
        if not actor.has_consent:
            return NO_CONSENT
    if document.type_code not in actor.rights.readable_types:
        return NOT_IN_MATRIX
    sees_hidden = actor.rights.administrator or (actor.emergency_allowed and actor.rights.masked_in_emergency)
    if document.is_hidden and not sees_hidden:
        return HIDDEN
    return EMERGENCY if actor.emergency_allowed else CONSENT
