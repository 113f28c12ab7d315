from __future__ import annotations

from apps.spaces.models.invitations import DelegationInvitation, InvitationState
from apps.spaces.models.people import Delegation, Representation
from apps.spaces.models.professionals import CareConsent, ProfessionalBlock, SpaceAdministrator
from apps.spaces.models.relations import SameSpace, SpaceOwned, SpaceRelation
from apps.spaces.models.space import HealthSpace

__all__ = [
    "CareConsent",
    "Delegation",
    "DelegationInvitation",
    "HealthSpace",
    "InvitationState",
    "ProfessionalBlock",
    "Representation",
    "SameSpace",
    "SpaceAdministrator",
    "SpaceOwned",
    "SpaceRelation",
]
