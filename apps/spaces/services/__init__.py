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
    PrivacySetting,
    change_emergency_choices,
    emergency_setting,
    privacy_setting,
    set_default_privacy,
)
from apps.spaces.services.closing import Closure, close_space, closure_of
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
    "Closure",
    "EmergencyChoices",
    "EmergencySetting",
    "PrivacySetting",
    "ProfessionalBlockedError",
    "SpaceNotFoundError",
    "UnknownProfessionalError",
    "Visit",
    "block_professional",
    "change_emergency_choices",
    "close_space",
    "closure_of",
    "declare_consent",
    "emergency_setting",
    "end_administrator",
    "name_administrator",
    "privacy_setting",
    "professional_actor",
    "set_default_privacy",
    "unblock_professional",
    "withdraw_consent",
]
