"""Addresses of patients: `<15 characters>@<patient domain>` (MSS-10 to MSS-12)."""

from __future__ import annotations

import re
from enum import StrEnum

from django.conf import settings

from apps.accounts.ins import InsNumber

_LOCAL = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}", re.IGNORECASE)


class AddressFault(StrEnum):
    """Why a text is no address of a patient (section 7 of the rules of the mailbox)."""

    DOMAIN = "domain"
    SYNTAX = "syntax"


class PatientAddressError(ValueError):
    """`fault` says what is wrong; the address is not in the message (SEC-22)."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def number_of(address: str) -> tuple[str, str]:
    """The 13 characters and the key that an address holds, as written, capitals. Raises `PatientAddressError`."""
    local, _, domain = address.rpartition("@")
    if domain.lower() != settings.MSS_PATIENT_DOMAIN:
        raise PatientAddressError(AddressFault.DOMAIN)
    if not _LOCAL.fullmatch(local):
        raise PatientAddressError(AddressFault.SYNTAX)
    return local[:13].upper(), local[13:]


def address_of(number: InsNumber) -> str:
    """The address of a person; shown to its holder only (MSS-11)."""
    return f"{number.full}@{settings.MSS_PATIENT_DOMAIN}"
