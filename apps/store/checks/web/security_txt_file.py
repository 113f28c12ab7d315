"""Reading of a security.txt (RFC 9116): fields by name, a signature around them or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_BYTES = 64_000
MAX_LINES = 1_000
_SIGNED, _SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"
_FIELD = re.compile(r"([A-Za-z][A-Za-z-]{0,63}):[ \t]*(\S.{0,2000})")
_KNOWN = re.compile(
    r"(?:https://[^\s/?#]+[^\s]*|mailto:[^\s@]+@[^\s@]+\.[^\s@]+|tel:\+?[0-9().-]{3,30}(?:;[^\s;]+)*)", re.IGNORECASE
)
_URI = re.compile(r"(?!http:)[a-z][a-z0-9+.-]{0,30}:[^\s]+", re.IGNORECASE)  # RFC 9116, 2.5.3: of the web, https alone
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityTxt:
    """`contacts` as written; `expires` as written, all of them: there must be exactly one."""

    contacts: tuple[str, ...]
    expires: tuple[str, ...]

    @property
    def has_only_addresses(self) -> bool:
        return all(_URI.fullmatch(contact) for contact in self.contacts)

    @property
    def has_only_known_addresses(self) -> bool:
        """Of kinds that most people can follow."""
        return all(_KNOWN.fullmatch(contact) for contact in self.contacts)

    @property
    def ends_at(self) -> datetime | None:
        """None where there is not exactly one date that can be read."""
        return _moment(self.expires[0]) if len(self.expires) == 1 else None


def read_security_txt(data: bytes) -> SecurityTxt | None:
    """The fields that matter; None where nothing of the file is a field."""
    lines = _unsigned(data[:MAX_BYTES].decode("utf-8", "replace").splitlines()[:MAX_LINES])
    fields = [(found[1].lower(), found[2].strip()) for found in map(_FIELD.fullmatch, lines) if found]
    if not fields:
        return None
    return SecurityTxt(
        contacts=tuple(value for name, value in fields if name == "contact"),
        expires=tuple(value for name, value in fields if name == "expires"),
    )


def _unsigned(lines: list[str]) -> list[str]:
    """What a signature covers (RFC 4880, 7): behind the empty line after its own headers, dashes unescaped."""
    if not lines or lines[0].lstrip("\ufeff").strip() != _SIGNED:
        return [line.lstrip("\ufeff").rstrip() for line in lines]
    kept = lines[lines.index("") + 1 :] if "" in lines else []
    inside = kept[: kept.index(_SIGNATURE)] if _SIGNATURE in kept else kept
    return [line.removeprefix("- ").rstrip() for line in inside]


def _moment(text: str) -> datetime | None:
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
