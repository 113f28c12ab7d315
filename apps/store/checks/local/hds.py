"""The host of health data is certified for what the service uses (STO-99)."""

from __future__ import annotations

from django.conf import settings

from apps.common.dates import PARIS
from apps.common.text import fold
from apps.store.checks.base import Fact, Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged, in_trouble, passed
from apps.store.checks.local import answers
from apps.store.checks.local.hds_list import ACTIVITIES, Certificate, HdsListError, certificates, key_of
from apps.store.checks.local.reasons import Reason


class Hds:
    """The certificate by its number. The list counts, not the answer: where they differ a person looks at it."""

    code = "hds"
    rule = "STO-99"
    version = 1
    criterion = "CRI-URB-01"
    is_security = False

    def targets(self, subject: Subject) -> tuple[str, ...]:
        number = answers.text(subject, self.criterion, "certificate")
        return (number,) if number else ()

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        try:
            found = certificates(settings.STORE_HDS_LIST).get(key_of(target))
        except HdsListError:
            return in_trouble(Reason.HDS_LIST_AWAY)
        return failed(Reason.HDS_ABSENT) if found is None else _judged(found, subject)


def _judged(found: Certificate, subject: Subject) -> Finding:
    days_left = (found.ends_on - subject.at.astimezone(PARIS).date()).days
    used = frozenset(answers.texts(subject, Hds.criterion, "activities"))
    measured: dict[str, Fact] = {
        "ends_on": found.ends_on.isoformat(),
        "days_left": days_left,
        "activities": sorted(found.activities),
    }
    if days_left < 0:
        return failed(Reason.HDS_ENDED, **measured)
    if (used & ACTIVITIES) - found.activities:
        return failed(Reason.HDS_ACTIVITIES, **measured, missing=sorted((used & ACTIVITIES) - found.activities))
    doubt = _doubt(found, subject, used)
    if doubt is not None:
        return flagged(doubt, **measured)
    if days_left < settings.STORE_ENDS_SOON_DAYS:
        return flagged(Reason.HDS_ENDS_SOON, **measured)
    return passed(**measured)


def _doubt(found: Certificate, subject: Subject, used: frozenset[str]) -> Reason | None:
    if not used or used - ACTIVITIES:
        return Reason.HDS_NO_ACTIVITY
    if not _is_same_host(answers.text(subject, Hds.criterion, "host_name"), found.host):
        return Reason.HDS_OTHER_HOST
    declared = answers.day(subject, Hds.criterion, "ends_on")
    return Reason.HDS_OTHER_END if declared is not None and declared != found.ends_on else None


def _is_same_host(declared: str, listed: str) -> bool:
    """With or without what stands around the name: « Hébergeur Exemple » is « Hébergeur Exemple SAS »."""
    one, other = fold(declared), fold(listed)
    return f" {one} " in f" {other} " or f" {other} " in f" {one} "
