"""Words of texts as a search knows them: French stems, without capitals and accents; where they stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import Stemmer

from apps.common.text import fold

AROUND = 70  # characters shown on each side of a word that was found
_KNOWN = 50_000  # words whose stems are remembered
_LONGEST = 60  # letters; what is longer is no word that somebody types
_STARTS_ALIKE = 3  # letters that a stem shares with every word it is the stem of
_WORD = re.compile(r"[^\W_]+")
_FEMININE = re.compile(r"ee(?=s?$)")  # without its accent the stemmer takes « operee » for another word
_SPACES = re.compile(r"\s+")
_FRENCH = Stemmer.Stemmer("french", 0)
_ONE_AT_A_TIME = Lock()  # the stemmer keeps state between two calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of an extract; `is_hit` for a word that was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The neighbourhood of the first hit, in one line; the text goes on before or behind it."""

    parts: tuple[Part, ...]
    goes_on_before: bool
    goes_on_behind: bool


def words_of(text: str) -> Iterator[str]:
    """Letters and digits in a row; hyphens, apostrophes and points part words."""
    return (match.group() for match in _WORD.finditer(unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=_KNOWN)
def stems_of(word: str) -> frozenset[str]:
    """One or two stems in capitals without accents, of the word as written and of the word without its accents.

    Two, for people type words without the accents that the text has, and the stemmer goes by accents.
    """
    written = unicodedata.normalize("NFKC", word[:_LONGEST]).lower()
    plain = _FEMININE.sub("e", fold(written).lower())
    with _ONE_AT_A_TIME:
        stems = (_FRENCH.stemWord(written), _FRENCH.stemWord(plain))
    return frozenset(fold(stem) for stem in stems) - {""}


def stems_in(text: str) -> set[str]:
    """All stems of a text."""
    return {stem for word in set(words_of(text)) for stem in stems_of(word)}


def extract(text: str, words: Collection[frozenset[str]]) -> Extract | None:
    """The place of the first of these words (each given by its stems) that the text holds; None without any."""
    line = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    for stems in words:
        first = next(_hits(line, stems), None)
        if first is not None:
            return _around(line, first, words)
    return None


def _around(line: str, first: re.Match[str], words: Collection[frozenset[str]]) -> Extract:
    start, end = _bound_before(line, first.start() - AROUND), _bound_behind(line, first.end() + AROUND)
    hits = sorted({match.span() for stems in words for match in _hits(line, stems, start, end)})
    parts, at = [], start
    for begin, stop in hits:
        parts += [Part(text=line[at:begin], is_hit=False), Part(text=line[begin:stop], is_hit=True)]
        at = stop
    parts.append(Part(text=line[at:end], is_hit=False))
    return Extract(
        parts=tuple(part for part in parts if part.text), goes_on_before=start > 0, goes_on_behind=end < len(line)
    )


def _bound_before(line: str, at: int) -> int:
    """Behind the space before: no word is cut, unless there is no space near."""
    if at <= _LONGEST and " " not in line[: max(0, at)]:
        return 0
    return line.rfind(" ", max(0, at - _LONGEST), at) + 1 or at


def _bound_behind(line: str, at: int) -> int:
    if at >= len(line):
        return len(line)
    space = line.find(" ", at, at + _LONGEST)
    return at if space < 0 else space


def _hits(line: str, stems: frozenset[str], start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """Words of the line that share a stem; only those that begin alike are looked at closely."""
    for match in _beginning_like(stems).finditer(line, start, len(line) if end is None else end):
        if not stems.isdisjoint(stems_of(match.group())):
            yield match


@lru_cache(maxsize=1_000)
def _beginning_like(stems: frozenset[str]) -> re.Pattern[str]:
    """Words that begin like one of the stems, or with a letter that stands for several or is of another script."""
    # A stem may end in another letter than its words: « loy » becomes « loi ».
    starts = {stem[: max(1, min(_STARTS_ALIKE, len(stem) - 1))] for stem in stems}
    alike = {"".join(_VARIANTS.get(letter, r"[^\W_]") for letter in start) for start in starts}
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(alike))}|[^\W_]{{0,2}}[^{_COMMON}\W_])[^\W_]*")


def _variants() -> dict[str, str]:
    """By letter or digit that `fold` gives: what it gives it for, in the alphabets of western Europe."""
    found: dict[str, set[str]] = {}
    for code in (*range(0x30, 0x7B), *range(0xC0, 0x180)):
        letter = chr(code)
        if letter.isalnum() and len(fold(letter)) == 1:
            found.setdefault(fold(letter), set()).add(letter)
    return {folded: f"[{''.join(sorted(letters))}]" for folded, letters in found.items()}


_VARIANTS = _variants()
_COMMON = "".join(_VARIANTS.values()).replace("[", "").replace("]", "")
