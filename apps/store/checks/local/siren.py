"""Numbers of companies and of their establishments (STO-104, S32)."""

from __future__ import annotations

from django.db.models import QuerySet
from stdnum.fr import siren, siret

from apps.directory.models import Establishment, LegalEntity, Organisation
from apps.store.checks.base import Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.local import answers
from apps.store.checks.local.reasons import Reason

SIREN_LENGTH = 9


class Siren:
    """Key of the number (that of La Poste is a sum), its company, and whether the copy of the directory knows it. Most
    companies keep no health establishment and are in no copy: that is for a person to look at, never a failure.
    """

    code = "siren"
    rule = "STO-104"
    version = 1
    criterion = "CRI-LEG-01"
    is_security = False

    def targets(self, subject: Subject) -> tuple[str, ...]:
        found = (plain(answers.text(subject, self.criterion, name)) for name in ("siren", "siret"))
        return tuple(dict.fromkeys(number for number in found if number))

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        number = plain(target)
        is_siren = len(number) == SIREN_LENGTH
        if not number.isascii() or not (siren.is_valid(number) if is_siren else siret.is_valid(number)):
            return failed(Reason.SIREN_NUMBER)
        company, declared = number[:SIREN_LENGTH], plain(answers.text(subject, self.criterion, "siren"))
        if declared and company != declared:
            return failed(Reason.SIREN_OTHER_COMPANY)
        if subject.siren and company != plain(subject.siren):
            return flagged(Reason.SIREN_OTHER_PUBLISHER)
        return _standing(number, is_siren=is_siren)


def plain(number: str) -> str:
    """Without the spaces and full stops that people put in (S32)."""
    return "".join(number.replace(".", " ").split())


def _standing(number: str, *, is_siren: bool) -> Finding:
    entities = LegalEntity.objects.filter(siren=number) if is_siren else LegalEntity.objects.none()
    places = Establishment.objects.filter(**{"siret__startswith" if is_siren else "siret": number})
    if _has(entities, is_active=True) or _has(places, is_active=True) or _is_place_of_care(number):
        return passed()
    if entities.exists() or places.exists():
        return flagged(Reason.SIREN_NO_LONGER_LISTED)
    return flagged(Reason.SIREN_NOT_LISTED)


def _has(rows: QuerySet[LegalEntity] | QuerySet[Establishment], *, is_active: bool) -> bool:
    return rows.filter(is_active=is_active).exists()


def _is_place_of_care(number: str) -> bool:
    return Organisation.objects.filter(siret__startswith=number).exists()
