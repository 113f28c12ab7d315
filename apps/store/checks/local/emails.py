"""Addresses at which somebody answers (STO-106)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.store.checks.base import Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.local import answers
from apps.store.checks.local.reasons import Reason
from apps.store.checks.web.domains import registered_domain

_FIELDS = ("contact_email", "technical_email")
_LIST = Path(__file__).resolve().parents[2] / "data" / "disposable_domains.txt"


class Email:
    """Whether its owner confirmed it by the link sent there; addresses that last an hour are looked at by a person."""

    code = "email"
    rule = "STO-106"
    version = 1
    criterion = "CRI-FIC-03"
    is_security = False

    def targets(self, subject: Subject) -> tuple[str, ...]:
        found = (answers.text(subject, self.criterion, name) for name in _FIELDS)
        return tuple(dict.fromkeys(address for address in found if address))

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        try:
            validate_email(target)
        except ValidationError:
            return failed(Reason.EMAIL_MALFORMED)
        domain = target.rpartition("@")[2].lower()
        if domain in _disposable() or registered_domain(domain) in _disposable():
            return flagged(Reason.EMAIL_DISPOSABLE, domain=domain)
        return passed() if _is_confirmed(target, subject) else flagged(Reason.EMAIL_NOT_CONFIRMED)


def _is_confirmed(address: str, subject: Subject) -> bool:
    return any(known.lower() == address.lower() and is_ours for known, is_ours in subject.emails.items())


@cache
def _disposable() -> frozenset[str]:
    lines = (line.strip() for line in _LIST.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
