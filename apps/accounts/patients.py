"""Is a document about this person? One rule for the record and for the mailbox (DMP-27, DMP-83)."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings

from apps.accounts.models import InsIdentity
from apps.common.dates import PartialDate
from apps.common.text import fold
from apps.formats.cda.people import Patient

_INS_LENGTH = 13
_LENGTHS = (_INS_LENGTH, _INS_LENGTH + 2)  # without or with the key
_SEXES = {"F": "F", "M": "M", "UN": "I"}


class IdentityFault(StrEnum):
    """Why a document is refused in a space; values are the codes of the CI-SIS (applicationErrorCondition)."""

    UNKNOWN_PATIENT = "902"
    NO_INS = "903"
    INS_DIFFERS = "904"
    INS_INCOMPLETE = "905"


def identity_fault(*, patient: Patient | None, identity: InsIdentity) -> IdentityFault | None:
    """None when number, authority and every trait that the document carries are those of the holder.

    The number may be a former one of the same person (DMP-27). A trait that is absent is not a difference, except the
    birth name, without which nobody is named; a birth date of lower precision is compared as far as it goes (S02).
    """
    if patient is None or not patient.ins:
        return IdentityFault.NO_INS
    if not any(is_number_of(root=item.root, extension=item.extension or "", identity=identity) for item in patient.ins):
        return IdentityFault.INS_DIFFERS
    if patient.name is None or not patient.name.birth_family:
        return IdentityFault.INS_INCOMPLETE
    return None if _traits_agree(patient, identity) else IdentityFault.INS_DIFFERS


def is_number_of(*, root: str, extension: str, identity: InsIdentity) -> bool:
    """Whether a number with its authority is the person's, present or former; the key is not looked at."""
    written = "".join(extension.upper().split())
    if root not in settings.INS_AUTHORITIES or len(written) not in _LENGTHS:
        return False
    number = written[:_INS_LENGTH]  # the key is flagged by the reader, it does not make another person (DMP-82)
    if (number, root) == (identity.ins_number, identity.authority):
        return True
    return identity.former_numbers.filter(ins_number=number, authority=root).exists()


def _traits_agree(patient: Patient, identity: InsIdentity) -> bool:
    name = patient.name
    if name is not None:
        if fold(name.birth_family or "") != identity.folded_family:
            return False
        given = fold(name.birth_given or "")
        if given and not _is_prefix(given, fold(identity.birth_given_names), identity.folded_first_given):
            return False
    sex = _SEXES.get((patient.sex.code if patient.sex else None) or "")
    if sex and sex != identity.sex:
        return False
    return patient.born is None or _same_day(patient.born.as_partial_date(), identity.born_on)


def _is_prefix(given: str, all_given: str, first: str) -> bool:
    """The first given name may be compound: the document's is compared with the beginning of the list (IDN-17)."""
    return given == first or f"{all_given} ".startswith(f"{given} ") or f"{given} ".startswith(f"{first} ")


def _same_day(one: PartialDate, other: PartialDate) -> bool:
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return all(first is None or second is None or first == second for first, second in pairs)
