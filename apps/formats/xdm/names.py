"""Names inside an archive: what they mean as paths, and how they may be shown. Never a path of ours (SEC-11, S10)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

_DRIVE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_NAME = 255


def key_of(name: str) -> str | None:
    """The name as a key to compare: one kind of slash, one case (8.3 names have none). None when it is unsafe: it is
    absolute, climbs, names a drive or a scheme, or holds control characters.
    """
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    if not path or path.startswith("/") or _DRIVE.match(path) or any(ord(char) < ord(" ") for char in path):
        return None
    parts = [part for part in path.split("/") if part != "."]
    return None if not parts or not all(parts) or ".." in parts else "/".join(parts).upper()


def uri_keys(folder: str, uri: str) -> tuple[str, ...] | None:
    """Keys that a URI of METADATA.XML may stand for in its folder: as written and with `%20` read. None when unsafe."""
    found = []
    for name in dict.fromkeys((uri, unquote(uri))):
        key = key_of(name)
        if key is None:
            return None
        found.append(f"{folder}/{key}")
    return tuple(found)


def shown_name(raw: str, *, is_utf8: bool) -> str | None:
    """The last part of a name as a reader may see it, or None where its characters cannot be told (S12).

    `raw` is the name as `zipfile` decodes it: cp437 where the archive does not say UTF-8. French tools write cp850 or
    plain UTF-8 there; whatever still shows box drawing has no name.
    """
    text = raw if is_utf8 else _french(raw)
    last = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    clean = "".join(char for char in last if char not in _BIDI and unicodedata.category(char) != "Cc").strip()
    if not clean or any(_is_drawing(char) for char in clean):
        return None
    return clean[-_LONGEST_NAME:]


def _french(text: str) -> str:
    raw = text.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850")


def _is_drawing(char: str) -> bool:
    return "\u2500" <= char <= "\u25ff" or char == "\ufffd"
