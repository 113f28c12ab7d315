"""Words of strangers made safe to show, to search and to offer as names of files (S14, S21, SEC-07)."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME = 255
_MAX_EXTENSION = 12
# Controls, surrogates, marks that turn the direction of writing or take no width, separators of lines, unassigned ends.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-"
    "\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NOT_IN_LINES = re.compile(f"[{_HIDDEN}]")
_BREAKS = re.compile(r"[\t\n\u2028\u2029\x85]|\r\n?")
_SPACES = re.compile(r"\s+")
# In texts the joiners of emoji and of Arabic and Indic letters stay; what turns the direction does not.
_NOT_IN_TEXTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
)
_TEXT_BREAKS = re.compile(r"\r\n?|[\x85\u2028\u2029\x0b\x0c]")
_RESERVED = re.compile(r'[<>:"|?*]')


def clean_line(text: str, *, limit: int = MAX_NAME) -> str:
    """One line without controls, bidi marks and invisible characters, spaces run together, at most `limit` long."""
    line = _NOT_IN_LINES.sub("", _BREAKS.sub(" ", text))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", line)).strip()[:limit].strip()


def clean_text(text: str) -> str:
    """Lines of a body with one kind of line end, without controls and without marks that turn the direction."""
    return _NOT_IN_TEXTS.sub("", _TEXT_BREAKS.sub("\n", text)).strip("\n")


def clean_name(name: str) -> str:
    """A name of a file without folders, controls, bidi marks and reserved characters; its real ending stays.

    At most 255 characters and 255 bytes. Empty where nothing is left. Idempotent.
    """
    line = clean_line(name.replace("\\", "/"), limit=len(name) * 4)
    bare = _RESERVED.sub("_", line.rpartition("/")[2])
    return _shortened(bare.strip(" .")).strip(" .")


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _MAX_EXTENSION:
        stem, dot, extension = name, "", ""
    room = MAX_NAME - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + dot + extension
