"""What people do with a space."""

from __future__ import annotations

from apps.spaces.services.professionals import (
    SpaceNotFoundError,
    UnknownProfessionalError,
    Visit,
    block_professional,
    declare_consent,
    name_administrator,
    professional_actor,
)

__all__ = [
    "SpaceNotFoundError",
    "UnknownProfessionalError",
    "Visit",
    "block_professional",
    "declare_consent",
    "name_administrator",
    "professional_actor",
]
