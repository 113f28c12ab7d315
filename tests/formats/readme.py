"""Expected values of the French samples, read from the tables of their own README."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.shared_material import shared

CDA = shared("samples/cda")
_ROW = re.compile(
    r"^\| (?P<name>[\w.-]+\.xml) \| (?P<level>[^|]+) \| (?P<type>\S+) (?P<title>[^|]+) \| (?P<created>[^|]+) "
    r"\| (?P<author>[^|;]+); (?P<custodian>[^|]+) \| (?P<files>[^|]+) \|$",
    re.MULTILINE,
)
_TITLES = re.compile(r"^- (?P<name>[\w.-]+\.xml): (?P<titles>.+)$", re.MULTILINE)
_PAYLOAD = re.compile(r"(?P<name>\w[\w-]*_n1_pdf) (?P<size>[\d,]+)\s+`(?P<sha256>[0-9a-f]{16})`")
_PATIENT = re.compile(
    r"^\| (?P<name>\S+ \S+) \| (?P<number>\d{15}) \| (?P<root>[\d.]+) \| (?P<born>[\d-]+) \| (?P<sex>[FM]) "
    r"\| (?P<files>[^|]+) \|$",
    re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """One row of the README."""

    name: str
    level: str
    type_code: str
    title: str
    created: str
    author: str
    custodian: str
    media_types: tuple[str, ...]

    @property
    def devices(self) -> list[str]:
        return re.findall(r'device "([^"]+)"', self.author)

    @property
    def person(self) -> str | None:
        person = re.sub(r'(?:\+ )?device "[^"]+"', "", self.author).strip()
        return person or None


@dataclass(frozen=True, kw_only=True)
class ExpectedPatient:
    name: str
    number: str
    root: str
    born: str
    sex: str


def readme() -> str:
    path = CDA / "README.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def expected_documents() -> dict[str, Expected]:
    return {
        match["name"]: Expected(
            name=match["name"],
            level=match["level"].split()[0].rstrip(","),
            type_code=match["type"],
            title=match["title"].strip(),
            created=match["created"].strip(),
            author=match["author"].strip(),
            custodian=match["custodian"].strip(),
            media_types=_media_types(match["files"]),
        )
        for match in _ROW.finditer(readme().partition("### Patients")[0])
    }


def expected_titles() -> dict[str, list[str]]:
    """Titles of the outer sections in order; the README cuts them at 50 characters."""
    return {match["name"]: match["titles"].split("; ") for match in _TITLES.finditer(readme())}


def expected_payloads() -> dict[str, tuple[int, str]]:
    """Size and first 16 hex digits of SHA-256 of the level-1 files."""
    return {
        f"{match['name']}.xml": (int(match["size"].replace(",", "")), match["sha256"])
        for match in _PAYLOAD.finditer(readme())
    }


def expected_patients() -> dict[str, ExpectedPatient]:
    """By file name; `*` is the patient of all other files."""
    found = {}
    for match in _PATIENT.finditer(readme()):
        name = "*" if match["files"].strip().isdigit() else match["files"].strip()
        values = {key: match[key] for key in ("name", "number", "root", "born", "sex")}
        found[name] = ExpectedPatient(**values)
    return found


def _media_types(written: str) -> tuple[str, ...]:
    found: list[str] = []
    for count, media_type in re.findall(r"(\d+ )?((?:image|application)/\w+|JPEG)", written):
        found.extend([media_type] * int(count or 1))
    return tuple(found)
