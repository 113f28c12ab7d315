"""Numbers of organisations as people type them, and what the copies of the registers know of them (PU-02, S32)."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.fr import siren as siren_rule
from stdnum.fr import siret as siret_rule

from apps.directory.finess import is_valid_finess
from apps.directory.models import Establishment, LegalEntity, Organisation
from apps.store.services.errors import WrongValueError

SIREN_LENGTH = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Checked numbers without spaces; `siret` empty when only the SIREN was given, `finess` when none was."""

    siren: str
    siret: str = ""
    finess: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a register says: never more than a proposal, which the publisher may correct."""

    name: str
    siret: str = ""
    town: str = ""


def plain(typed: str) -> str:
    """Without spaces (narrow and no-break ones too), full stops and hyphens."""
    return "".join(typed.replace(".", " ").replace("-", " ").split()).upper()


def numbers_of(*, company: str, finess: str = "") -> Numbers:
    """The numbers of an organisation: `company` is a SIREN or a SIRET. Raises `WrongValueError` (field, reason)."""
    number = plain(company)
    if not (number.isascii() and number.isdecimal()):
        raise WrongValueError("company", "not-digits")
    is_siren = len(number) == SIREN_LENGTH
    if not (siren_rule.is_valid(number) if is_siren else siret_rule.is_valid(number)):
        raise WrongValueError("company", "key")
    place = plain(finess)
    if place and not (is_valid_finess(place) or _is_listed(place)):
        raise WrongValueError("finess", "key")
    return Numbers(siren=number[:SIREN_LENGTH], siret="" if is_siren else number, finess=place)


def siret_of(*, siren: str, typed: str) -> str:
    """The SIRET of an establishment of this company. Raises `WrongValueError`."""
    number = plain(typed)
    if not (number.isascii() and siret_rule.is_valid(number)):
        raise WrongValueError("siret", "key")
    if not number.startswith(siren):
        raise WrongValueError("siret", "other-company")
    return number


def group_of(*, siren: str, typed: str) -> str:
    """The SIREN of the group, empty without one or when it is the organisation itself. Raises `WrongValueError`."""
    number = plain(typed)
    if not number:
        return ""
    if not (number.isascii() and siren_rule.is_valid(number)):
        raise WrongValueError("group_siren", "key")
    return "" if number == siren else number


def known(numbers: Numbers) -> Known | None:
    """The organisation in the local copies: by FINESS, then by SIRET, then by SIREN. At most five queries."""
    return _by_finess(numbers) or _by_siret(numbers) or _by_siren(numbers)


def _is_listed(finess: str) -> bool:
    """A number of the file counts whatever its key (STO-105)."""
    by_place = Establishment.objects.filter(finess=finess)
    return by_place.exists() or LegalEntity.objects.filter(finess=finess).exists()


def _by_finess(numbers: Numbers) -> Known | None:
    """Only rows of this company: a number of somebody else proposes nothing."""
    if not numbers.finess:
        return None
    place = Establishment.objects.filter(finess=numbers.finess, siret__startswith=numbers.siren).first()
    if place is not None:
        return Known(name=place.name, siret=place.siret, town=place.town)
    entity = LegalEntity.objects.filter(finess=numbers.finess, siren=numbers.siren).first()
    return Known(name=entity.name, town=entity.town) if entity is not None else None


def _by_siret(numbers: Numbers) -> Known | None:
    if not numbers.siret:
        return None
    place = Establishment.objects.filter(siret=numbers.siret).order_by("-is_active", "finess").first()
    if place is not None:
        return Known(name=place.name, siret=place.siret, town=place.town)
    structure = Organisation.objects.filter(siret=numbers.siret).order_by("technical_id").first()
    return Known(name=structure.name, siret=structure.siret, town=structure.city) if structure is not None else None


def _by_siren(numbers: Numbers) -> Known | None:
    entity = LegalEntity.objects.filter(siren=numbers.siren).order_by("-is_active", "finess").first()
    return Known(name=entity.name, town=entity.town) if entity is not None else None
