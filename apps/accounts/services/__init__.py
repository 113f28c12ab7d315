"""Sign-ins, sign-outs, factors and contact data of people, with their lines in the trail."""

from __future__ import annotations

from apps.accounts.services.franceconnect import (
    SignedIn,
    record_start,
    refuse_sign_in,
    sign_in_by_franceconnect,
    sign_out,
)

__all__ = ["SignedIn", "record_start", "refuse_sign_in", "sign_in_by_franceconnect", "sign_out"]
