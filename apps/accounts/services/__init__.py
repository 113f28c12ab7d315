"""Sign-ins, sign-outs, factors and contact data of people, with their lines in the trail."""

from __future__ import annotations

from apps.accounts.services.confirmation import confirm, confirm_by_franceconnect, refuse_confirmation
from apps.accounts.services.franceconnect import (
    SignedIn,
    record_start,
    refuse_sign_in,
    sign_in_by_franceconnect,
    sign_out,
)

__all__ = [
    "SignedIn",
    "confirm",
    "confirm_by_franceconnect",
    "record_start",
    "refuse_confirmation",
    "refuse_sign_in",
    "sign_in_by_franceconnect",
    "sign_out",
]
