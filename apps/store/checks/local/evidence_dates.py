"""Evidence that has not ended, and audits that are recent (STO-108, STO-30)."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from apps.common.dates import PARIS
from apps.store.checks.base import FileFacts, Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged, passed, skipped
from apps.store.checks.local import answers
from apps.store.checks.local.contents import file_of, ids
from apps.store.checks.local.reasons import Reason
from apps.store.clocks import months_after

_AUDIT = "CRI-SEC-05"


class EvidenceDates:
    """By what the publisher says: the day of the penetration test in the answer (its target is the criterion), and of
    each file the day of the test and the end where it has one.
    """

    code = "evidence_dates"
    rule = "STO-108"
    version = 1
    criterion = _AUDIT
    is_security = False

    def targets(self, subject: Subject) -> tuple[str, ...]:
        dated = tuple(file for file in subject.files if file.valid_until is not None or _AUDIT in file.criteria)
        return ((_AUDIT,) if _tested_on(subject) else ()) + ids(dated)

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        today, tested_on = subject.at.astimezone(PARIS).date(), _tested_on(subject)
        if target == _AUDIT:
            return _audit(tested_on, today) or passed()
        file = file_of(target, subject)
        if file is None:
            return skipped(Reason.FILE_GONE)
        found = _audit(file.issued_on or tested_on, today) if _AUDIT in file.criteria else None
        return found or _end(file, today)


def _tested_on(subject: Subject) -> date | None:
    return answers.day(subject, _AUDIT, "tested_on")


def _audit(issued: date | None, today: date) -> Finding | None:
    """What is wrong with the day of a penetration test; None: it is recent."""
    if issued is None:
        return flagged(Reason.EVIDENCE_NO_DATE)
    if issued > today:
        return flagged(Reason.EVIDENCE_IN_FUTURE, issued_on=issued.isoformat())
    if months_after(issued, settings.STORE_AUDIT_MONTHS) <= today:
        return failed(Reason.EVIDENCE_AUDIT_OLD, issued_on=issued.isoformat())
    return None


def _end(file: FileFacts, today: date) -> Finding:
    end = file.valid_until
    if end is None:
        return passed()
    left = (end - today).days
    if left < 0:
        return failed(Reason.EVIDENCE_ENDED, ends_on=end.isoformat(), days_left=left)
    if left < settings.STORE_ENDS_SOON_DAYS:
        return flagged(Reason.EVIDENCE_ENDS_SOON, ends_on=end.isoformat(), days_left=left)
    return passed(ends_on=end.isoformat(), days_left=left)
