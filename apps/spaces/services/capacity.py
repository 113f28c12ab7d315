"""How many people may help, and whom one may invite again (SPA-41, SPA-52, SPA-54)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.spaces.majority import is_minor
from apps.spaces.models import Delegation, DelegationInvitation, HealthSpace, Representation
from apps.spaces.services.errors import InvitationFault, InvitationRefusedError

HELPERS_AT_MOST = 3
HELPED_AT_MOST = 5
REPRESENTATIVES_AT_MOST = 2
_HELP = DelegationInvitation.Kind.CAREGIVING


def refuse_what_is_too_much(
    *, space: HealthSpace, invitation: DelegationInvitation, at: datetime, accepting: bool = False
) -> None:
    """Raise `InvitationRefusedError` when the invitation may not be sent, or not be accepted any more.

    Under the lock of the space; when `accepting`, under that of the person too. An open invitation counts like a
    delegation of the holder, or the fourth one would be accepted in vain.
    """
    if invitation.kind == DelegationInvitation.Kind.LEGAL_REPRESENTATION:
        _refuse_representation(space, invitation, at)
    else:
        _refuse_help(invitation, at)
    others = DelegationInvitation.objects.pending(at=at).filter(space_id=space.id).exclude(id=invitation.id)
    if not accepting and others.filter(person_id=invitation.person_id).exists():
        raise InvitationRefusedError(InvitationFault.SAME_INVITATION)


def places_left(*, space_id: UUID, at: datetime) -> int:
    """How many relatives the holder may still invite."""
    invited = DelegationInvitation.objects.pending(at=at).filter(space_id=space_id, kind=_HELP)
    return HELPERS_AT_MOST - Delegation.objects.not_over(at=at).filter(space_id=space_id).count() - invited.count()


def _refuse_help(invitation: DelegationInvitation, at: datetime) -> None:
    helps = Delegation.objects.not_over(at=at)
    mine = helps.filter(space_id=invitation.space_id, person_id=invitation.person_id).first()
    if mine is not None:
        same = mine.sections == invitation.sections
        raise InvitationRefusedError(InvitationFault.SAME_DELEGATION if same else InvitationFault.OTHER_DELEGATION)
    invited = DelegationInvitation.objects.pending(at=at).filter(space_id=invitation.space_id, kind=_HELP)
    invited = invited.exclude(id=invitation.id)
    if helps.filter(space_id=invitation.space_id).count() + invited.count() >= HELPERS_AT_MOST:
        raise InvitationRefusedError(InvitationFault.HOLDER_LIMIT)
    if helps.filter(person_id=invitation.person_id).count() >= HELPED_AT_MOST:
        raise InvitationRefusedError(InvitationFault.DELEGATE_LIMIT)


def _refuse_representation(space: HealthSpace, invitation: DelegationInvitation, at: datetime) -> None:
    if not is_minor(space.identity.born_on, at=at):
        raise InvitationRefusedError(InvitationFault.NOT_A_CHILD)
    running = Representation.objects.running(at=at).filter(space_id=space.id)
    if not running.representing().filter(person_id=invitation.inviter_id).exists():
        raise InvitationRefusedError(InvitationFault.INVITER_ENDED)
    if running.filter(person_id=invitation.person_id).exists():
        raise InvitationRefusedError(InvitationFault.REPRESENTS_ALREADY)
    if running.count() >= REPRESENTATIVES_AT_MOST:
        raise InvitationRefusedError(InvitationFault.REPRESENTATIVES_LIMIT)
