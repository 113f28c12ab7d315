"""Identities as the health insurance knows them, beside the people of the provider."""

from __future__ import annotations

from itertools import count
from typing import Any

from apps.accounts.ins import Authority
from apps.accounts.models import InsIdentity

_numbers = count(1)

ANGELA = {
    "birth_family_name": "MARTIN",
    "birth_given_names": "ANGELA CLAIRE LOUISE",
    "first_given_name": "ANGELA",
    "sex": "F",
    "birth_date": "1979-03-14",
    "birth_place": "31555",
}
AMINA = {
    "birth_family_name": "BENALI",
    "birth_given_names": "AMINA",
    "first_given_name": "AMINA",
    "sex": "F",
    "birth_date": "1952-00-00",
    "birth_place": "99352",
}


def unsaved(**traits: Any) -> InsIdentity:
    """Angela, but for `traits`."""
    number = f"2790331555{next(_numbers):03d}"
    return InsIdentity(**{"ins_number": number, "ins_key": "01", "authority": Authority.TEST_NIR, **ANGELA, **traits})


def identity(**traits: Any) -> InsIdentity:
    made = unsaved(**traits)
    made.save()
    return made
