"""Subjects as pages show them (MSS-23, MSS-32)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from apps.formats.mail.names import clean_line

MAX_SUBJECT = 500
END = "[FIN]"
_ANSWERS = re.compile(r"(?:re|rép|ré|aw|sv|antw)(?:\s?\[\d{1,3}\])?\s?:\s*", re.IGNORECASE)
_FORWARDS = re.compile(r"(?:re|rép|ré|aw|sv|antw|tr|fwd?|wg|lu|non lu|read)(?:\s?\[\d{1,3}\])?\s?:\s*", re.IGNORECASE)
_PACKAGE = re.compile(r"XDM/1\.0/DDM\+?", re.IGNORECASE)
_BIRTH = re.compile(r"\s*\d{2}/\d{2}/\d{4}$")


def clean_subject(words: str) -> str:
    """Without `Re:` chains and without the mark of a package, which may stand behind forwards too."""
    line = clean_line(words, limit=4_000)
    bare = _without(_FORWARDS, line)
    if found := _PACKAGE.match(bare):
        return bare[found.end() :].strip()[:MAX_SUBJECT].strip()
    return _without(_ANSWERS, line)[:MAX_SUBJECT].strip()


def is_end_subject(words: str) -> bool:
    """Exactly five characters, nothing before and nothing behind (MSS-23)."""
    return words == END


def without_traits(subject: str, names: Iterable[str]) -> str:
    """A subject of a package without the traits of its patient at its end: names of the holder and a birth date.

    `names`: birth name, used name and first names. A subject that does not end with a date stays as it is.
    """
    bare = _BIRTH.sub("", subject)
    if bare == subject:
        return subject
    words, known = bare.split(), {part for name in names for part in _folded(name).split()}
    while len(words) > 1 and set(_folded(words[-1]).split()) <= known:
        words.pop()
    return " ".join(words)


def _without(prefix: re.Pattern[str], line: str) -> str:
    position = 0
    while found := prefix.match(line, position):
        position = found.end()
    return line[position:]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", " ", plain)
