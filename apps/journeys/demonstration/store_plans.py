"""The invented services of the store: which site, what they answer, their page (data/store-*.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from apps.journeys.demonstration.cast import DATA
from apps.journeys.demonstration.store import BRISE, SOMMEIL, Company
from apps.journeys.demonstration.store_web import LEGAL, STATEMENT
from apps.store import orientation
from apps.store.services import sheets
from apps.store.services.drafting import Profile

HDS_HOST, HDS_NUMBER, HDS_ENDS = "Hébergeur Exemple SAS", "EXEMPLE-HDS-0001", date(2029, 6, 30)
_COMPANIES = {"brise": BRISE, "sommeil": SOMMEIL}
_TESTED, _TERMS = timedelta(days=120), timedelta(days=200)  # before the dossier


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One service as its publisher describes it. `page`: fields of the sheet that differ from one to the next."""

    key: str
    name: str
    company: Company
    host: str
    profile: Profile
    yes: tuple[str, ...]
    page: Mapping[str, Any]

    @property
    def orientation(self) -> dict[str, str]:
        """Every question with its answer."""
        return {name: orientation.YES if name in self.yes else orientation.NO for name in orientation.NAMES}

    def url(self, path: str) -> str:
        """An address of its site."""
        return f"https://{self.host}{path}"

    def sheet(self) -> dict[str, Any]:
        """The public page, whole."""
        legal, _terms, privacy = (self.url(path) for path in LEGAL)
        common: dict[str, Any] = {
            "languages": ["fr"], "platforms": ["web"], "web_url": self.url("/"), "privacy_url": privacy,
            "legal_url": legal, "accessibility_url": self.url(STATEMENT), "accessibility_rate": 92,
            "hosting_country": "FR", "hosting_name": HDS_HOST, "eco_score": "B",
            "support_email": self.company.email, "support_phone": self.company.details.security_phone,
        }  # fmt: skip
        empty = dict.fromkeys(sheets.CONTENTS, "")
        return {**empty, **common, **self.page}

    def data(self, code: str, *, day: date) -> dict[str, Any]:
        """Values of the answer to one criterion in a dossier of that day; none for those answered in words alone."""
        return self._addresses().get(code) or self._facts(day).get(code) or {}

    def _addresses(self) -> dict[str, dict[str, Any]]:
        legal, _terms, privacy = (self.url(path) for path in LEGAL)
        home, hosts = self.url("/"), [self.host]
        return {
            "CRI-ELI-02": {"url": home},
            "CRI-LEG-04": {"url": legal},
            "CRI-RGP-01": {"url": privacy},
            "CRI-RGP-06": {"url": home},
            "CRI-INT-02": {"uris": [self.url("/retour")]},
            "CRI-SEC-01": {"hosts": hosts},
            "CRI-SEC-02": {"hosts": hosts},
            "CRI-SEC-03": {"url": home},
            "CRI-SEC-04": {"host": self.host},
            "CRI-ACC-02": {"url": home},
            "CRI-FIC-04": {"web_url": home},
        }

    def _facts(self, day: date) -> dict[str, dict[str, Any]]:
        email = self.company.email
        return {
            "CRI-LEG-05": {"url": self.url(LEGAL[1]), "version_on": (day - _TERMS).isoformat()},
            "CRI-LEG-01": {"siren": self.company.siren, "siret": self.company.details.siret},
            "CRI-RGP-02": {"dpo_name": "Nolwenn Abgrall", "dpo_email": email},
            "CRI-URB-01": {
                "host_name": HDS_HOST, "certificate": HDS_NUMBER, "activities": list("123456"),
                "ends_on": HDS_ENDS.isoformat(),
            },
            "CRI-SEC-05": {"tested_on": (day - _TESTED).isoformat()},
            "CRI-ACC-01": {"url": self.url(STATEMENT), "rate": 92, "audited_on": (day - _TESTED).isoformat()},
            "CRI-FIC-03": {"contact_email": email, "technical_email": email},
        }  # fmt: skip


def plan_of(key: str) -> Plan:
    """The plan of that key. Raises `KeyError`."""
    return {plan.key: plan for plan in plans()}[key]


@cache
def plans() -> tuple[Plan, ...]:
    """All of them, as in the file."""
    return tuple(_plan(dict(entry)) for entry in _read("store-dossiers.toml")["dossier"])


def comments() -> Mapping[str, str]:
    """Words of the answer to each criterion."""
    found: Mapping[str, str] = _read("store-answers.toml")["comments"]
    return found


def consent_words(direction: str) -> dict[str, str]:
    """What the holder reads before data are asked for in one direction."""
    words: dict[str, str] = dict(_read("store-answers.toml")["consent"])
    texts = {name: words.pop(f"text_{name}") for name in ("read", "write")}
    return {**words, "text": texts[direction]}


def _plan(entry: dict[str, Any]) -> Plan:
    profile = Profile(service_kind=entry.pop("kind"), exchange=entry.pop("exchange"), lane="ordinaire")
    company, yes = _COMPANIES[entry.pop("company")], tuple(entry.pop("yes"))
    own = {name: entry.pop(name) for name in ("key", "name", "host")}
    return Plan(company=company, profile=profile, yes=yes, page=entry, **own)


@cache
def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
