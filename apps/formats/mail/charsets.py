"""Bytes as text when the sender says which characters, says nothing, or says something wrong (S13)."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

_LABEL = re.compile(r"[a-z0-9][a-z0-9._:-]{0,39}")
# Codecs that turn bytes into text in linear time: `idna`, `punycode`, `unicode_escape`, `zip` are codecs of Python too.
_ALLOWED = re.compile(
    r"(ascii|utf-(7|8|16|16-le|16-be|32|32-le|32-be)|iso8859-\d{1,2}|cp\d{3,4}|koi8-[rtu]|mac-\w+|big5\w*|gb2312|gbk"
    r"|gb18030|euc_\w+|shift_jis\w*|iso2022_\w+|hz|johab|tis-620|kz1048|ptcp154|hp-roman8)"
)
_UTF8 = "utf-8-sig"
# Windows writes its own characters under the name of Latin-1 (dashes, quotes and the euro in 0x80..0x9f).
_LATIN = "iso8859-1"
_WINDOWS = "cp1252"
_GUESSES = [_WINDOWS, "cp850", "mac_roman"]  # what French software wrote before UTF-8
_SAMPLE = 4_096
_ENOUGH = 64  # below, statistics of letters say nothing
_HALF_OF_UTF16 = b"\x00"
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Decoded(NamedTuple):
    """`is_doubtful`: characters may be wrong, the reader of the message is told."""

    text: str
    is_doubtful: bool


def decode_text(data: bytes, charset: str = "") -> Decoded:
    """Text of the bytes, whatever they are. Never raises."""
    label = charset.strip().strip("\"'").lower()
    codec = _codec(label)
    text = _strict(data, codec or "ascii")
    if text is not None:
        return Decoded(text, is_doubtful=codec is None and bool(label))
    return Decoded(_guess(data), is_doubtful=True)


def _codec(label: str) -> str | None:
    """A codec of Python for a name that a sender wrote; None for none, unknown ones and those that are no charset."""
    if not _LABEL.fullmatch(label):
        return None
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return name if _ALLOWED.fullmatch(name) else None


def _strict(data: bytes, codec: str) -> str | None:
    """The text where all bytes fit; UTF-8 is taken for ASCII too, as most who name no charset write it."""
    if codec == _LATIN:
        return _try(data, _WINDOWS) or data.decode(_LATIN)
    return _try(data, _UTF8 if codec in {"ascii", "utf-8"} else codec)


def _try(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (ValueError, LookupError):
        return None


def _guess(data: bytes) -> str:
    """UTF-8 where it fits, else by a mark, else by the statistics of French letters, else as Windows writes."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace")
    text = _try(data, _UTF8)
    if text is not None:
        return text
    sample = data[:_SAMPLE]
    if len(sample) < _ENOUGH or _HALF_OF_UTF16 in sample:
        return data.decode(_WINDOWS, "replace")
    best = from_bytes(sample, cp_isolation=_GUESSES, preemptive_behaviour=False).best()
    return data.decode(best.encoding if best else _WINDOWS, "replace")
