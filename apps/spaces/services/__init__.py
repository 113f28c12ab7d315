"""What people do with a space."""

from __future__ import annotations

from apps.spaces.services.blocking import (
    block_professional,
    end_administrator,
    name_administrator,
    unblock_professional,
    withdraw_consent,
)
from apps.spaces.services.choices import (
    EmergencyChoices,
    EmergencySetting,
    change_emergency_choices,
    emergency_setting,
)
from apps.spaces.services.errors import (
    ChoicesChangedError,
    ProfessionalBlockedError,
    SpaceNotFoundError,
    UnknownProfessionalError,
)
from apps.spaces.services.professionals import (
    Visit,
    declare_consent,
    professional_actor,
)

__all__ = [
    "ChoicesChangedError",
    "EmergencyChoices",
    "EmergencySetting",
    "ProfessionalBlockedError",
    "SpaceNotFoundError",
    "UnknownProfessionalError",
    "Visit",
    "block_professional",
    "change_emergency_choices",
    "declare_consent",
    "emergency_setting",
    "end_administrator",
    "name_administrator",
    "professional_actor",
    "unblock_professional",
    "withdraw_consent",
]
