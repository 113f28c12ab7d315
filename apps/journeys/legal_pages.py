"""The legal pages (LE-01): their addresses, in the order of the footer, and the version in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LegalPage(StrEnum):
    """Value = last part of the address and name of the template."""

    ACCESSIBILITY = "accessibilite"
    NOTICE = "mentions-legales"
    PERSONAL_DATA = "donnees-personnelles"
    TERMS = "conditions"
    SECURITY = "securite"
    COOKIES = "cookies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    number: str
    since: date


VERSION = Version(number="1.0", since=date(2026, 11, 25))  # a new text: new number, the old template kept beside it


class LegalPageConverter:
    """Part of an address that is one of the legal pages, so that no other address is caught."""

    regex = "|".join(page.value for page in LegalPage)

    def to_python(self, value: str) -> LegalPage:
        return LegalPage(value)

    def to_url(self, value: str) -> str:
        return LegalPage(value).value
