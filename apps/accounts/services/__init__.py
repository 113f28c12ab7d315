"""Sign-ins, sign-outs, factors and contact data of people, with their lines in the trail."""

from __future__ import annotations

from apps.accounts.services.confirmation import confirm, confirm_by_franceconnect, refuse_confirmation
from apps.accounts.services.contact import CODE_LIFE, finish_address_change, start_address_change
from apps.accounts.services.factors import (
    add_totp,
    change_password,
    end_other_sessions,
    renew_recovery_codes,
    replace_totp,
)
from apps.accounts.services.franceconnect import (
    SignedIn,
    record_start,
    refuse_sign_in,
    sign_in_by_franceconnect,
    sign_out,
)
from apps.accounts.services.identifier import sign_in_by_identifier, try_password, try_recovery_code, try_totp
from apps.accounts.services.opening import open_session
from apps.accounts.services.passkeys import add_passkey, remove_passkey, sign_in_by_passkey
from apps.accounts.services.resetting import choose_password, key_of, owner_of, send_reset
from apps.accounts.services.staff import add_staff

__all__ = [
    "CODE_LIFE",
    "SignedIn",
    "add_passkey",
    "add_staff",
    "add_totp",
    "change_password",
    "choose_password",
    "confirm",
    "confirm_by_franceconnect",
    "end_other_sessions",
    "finish_address_change",
    "key_of",
    "open_session",
    "owner_of",
    "record_start",
    "refuse_confirmation",
    "refuse_sign_in",
    "remove_passkey",
    "renew_recovery_codes",
    "replace_totp",
    "send_reset",
    "sign_in_by_franceconnect",
    "sign_in_by_identifier",
    "sign_in_by_passkey",
    "sign_out",
    "start_address_change",
    "try_password",
    "try_recovery_code",
    "try_totp",
]
