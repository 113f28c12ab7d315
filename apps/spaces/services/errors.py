"""What the services of spaces raise."""

from __future__ import annotations

from enum import StrEnum


class SpaceNotFoundError(Exception):
    """No open space of that id; the same answer for unknown, closed and never opened."""


class UnknownProfessionalError(Exception):
    """The directory holds no active professional of that number: no care access (DIR-11)."""


class ChoicesChangedError(Exception):
    """Somebody changed these choices after the page was shown: nothing was written (REL-21)."""


class InvitationFault(StrEnum):
    """Why an invitation cannot be sent or accepted (SPA-52, SPA-54, SPA-41)."""

    SAME_INVITATION = "same-invitation"
    SAME_DELEGATION = "same-delegation"
    OTHER_DELEGATION = "other-delegation"
    HOLDER_LIMIT = "holder-limit"
    DELEGATE_LIMIT = "delegate-limit"
    REPRESENTS_ALREADY = "represents-already"
    REPRESENTATIVES_LIMIT = "representatives-limit"
    NOT_A_CHILD = "not-a-child"
    INVITER_ENDED = "inviter-ended"


class InvitationRefusedError(Exception):
    """The rules of delegations do not allow it; `fault` says which one. Nothing was written."""

    def __init__(self, fault: InvitationFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class InvitationNotFoundError(Exception):
    """No such invitation for this person: unknown, somebody else's, or a search that is over."""


class InvitationOverError(Exception):
    """The invitation can no longer be answered: expired, withdrawn or answered otherwise."""


class DelegationNotFoundError(Exception):
    """No running delegation of that id for this person; the same answer for unknown, ended and somebody else's."""


class PeriodError(Exception):
    """The days are not allowed: at most twelve months from today, not in the past (decisions 9)."""


class ProfessionalBlockedError(Exception):
    """The professional is blocked: unblock first, then name administrator."""
