"""Number of an establishment or of its legal entity in the national file (STO-105, DIR-10)."""

from __future__ import annotations

from apps.directory.finess import is_valid_finess
from apps.directory.models import Establishment, LegalEntity
from apps.store.checks.base import Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.local import answers
from apps.store.checks.local.reasons import Reason
from apps.store.checks.local.siren import SIREN_LENGTH, plain


class Finess:
    """Found in the copy of the file it passes, whatever its key; otherwise the key tells a slip from a new number."""

    code = "finess"
    rule = "STO-105"
    version = 1
    criterion = "CRI-LEG-03"
    is_security = False

    def targets(self, subject: Subject) -> tuple[str, ...]:
        number = plain(answers.text(subject, self.criterion, "finess")).upper()
        return (number,) if number else ()

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        rows = _rows(target)
        if not rows:
            return flagged(Reason.FINESS_NOT_LISTED) if is_valid_finess(target) else failed(Reason.FINESS_NUMBER)
        if not any(is_active for is_active, _company in rows):
            return flagged(Reason.FINESS_NO_LONGER_LISTED)
        companies = {company for _is_active, company in rows if company}
        if subject.siren and companies and plain(subject.siren) not in companies:
            return flagged(Reason.FINESS_OTHER_COMPANY)
        return passed()


def _rows(number: str) -> list[tuple[bool, str]]:
    """Whether each row of this number is still listed, and the SIREN of its company."""
    places = Establishment.objects.filter(finess=number).values_list("is_active", "siret")
    entities = LegalEntity.objects.filter(finess=number).values_list("is_active", "siren")
    return [(is_active, company[:SIREN_LENGTH]) for is_active, company in (*places, *entities)]
