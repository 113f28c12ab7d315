"""The fields of a message or of one part, read by the library and kept as text (RFC 5322, 2047, 2231)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from hashlib import sha256

from apps.formats.mail.charsets import decode_text
from apps.formats.mail.mailboxes import CRASHES, read_mailboxes
from apps.formats.mail.model import Mailbox
from apps.formats.mail.names import clean_line
from apps.formats.mail.words import decode_words

MAX_ID = 255
_MAX_VALUE = 4_000  # of values with words or parameters: what is longer is no title and no name
_MAX_BOXES = 10_000
_MAX_IDS = 100
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_FOLDED = (b" ", b"\t")
_ENVELOPE = (b"From ", b">From ")
_FOLD = re.compile(r"[\r\n]+")
_ID = re.compile(r"<([^<>\s]{1,998})>")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_PARSER = BytesHeaderParser(policy=compat32)


class Headers:
    """Fields by their names in small letters; a name that comes twice counts once, but for addresses."""

    def __init__(self, block: bytes) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in _PARSER.parsebytes(_tidy(block)).raw_items():
            self._fields.setdefault(name.lower(), []).append(_unfolded(value))

    def __bool__(self) -> bool:
        return bool(self._fields)

    def text(self, name: str) -> str:
        """The first field of this name as it stands, empty without one."""
        values = self._fields.get(name)
        return values[0].strip()[:_MAX_VALUE] if values else ""

    def has(self, name: str) -> bool:
        return name in self._fields

    def words(self, name: str) -> str:
        """A text for people, its encoded words read."""
        return decode_words(self.text(name))

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """The addresses of all fields of this name; behind ten thousand signs no further field is read."""
        found: list[Mailbox] = []
        left = _MAX_BOXES
        for value in self._fields.get(name, ()):
            if left <= 0:
                break
            found += read_mailboxes(value)
            left -= len(value) + 1
        return tuple(found)

    def length(self, name: str) -> int:
        """Signs of all fields of this name: reading addresses takes longer than they are long."""
        return sum(map(len, self._fields.get(name, ())))

    def ids(self, name: str) -> tuple[str, ...]:
        """Message ids without brackets; of more than a hundred the first and the last ones."""
        value = " ".join(self._fields.get(name, ())[:20])
        found = _ID.findall(value) or [value.strip()[:998].split()[0]] if value.strip() else []
        kept = found if len(found) <= _MAX_IDS else found[:1] + found[1 - _MAX_IDS :]
        return tuple(dict.fromkeys(_short(clean_line(each, limit=998)) for each in kept))

    def moment(self, name: str) -> datetime | None:
        """An aware time; one without a zone counts as UTC (RFC 5322)."""
        try:
            at = parsedate_to_datetime(self.text(name))
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
            at.astimezone(UTC)  # beyond the years 1 and 9999 there is no such moment
        except CRASHES:
            return None
        return at

    def media_type(self, default: str) -> str:
        """`type/subtype` in small letters: `default` without the field, octets where it makes no sense."""
        bare = " ".join(self.text("content-type").partition(";")[0].split(maxsplit=1)[:1]).lower()
        if _TYPE.fullmatch(bare):
            return bare
        return default if bare in {"", "text", "plain"} else "application/octet-stream"

    def parameter(self, name: str, key: str) -> str:
        """A parameter; the form of RFC 2231 wins over the plain one, which may hold encoded words (S14)."""
        found = [value for each, value in self._parameters(name) if each.lower() == key]
        for value in found:
            if isinstance(value, tuple):
                return _extended(*value)
        return decode_words(str(found[0])) if found else ""

    def _parameters(self, name: str) -> Iterator[tuple[str, str | tuple[str | None, str | None, str]]]:
        text = self.text(name)
        if ";" not in text:
            return
        message = Message(policy=compat32)
        message[name] = text
        try:
            yield from message.get_params(header=name, failobj=[])
        except CRASHES:
            return


def is_field(line: bytes) -> bool:
    """Whether a header may begin with this line."""
    return _FIELD.match(line) is not None or line.startswith(_ENVELOPE)


def _tidy(block: bytes) -> bytes:
    """Without lines that are no fields: the library would end the header there."""
    lines = block.splitlines(keepends=True)
    return b"".join(line for line in lines if line.startswith(_FOLDED) or _FIELD.match(line))


def _unfolded(value: str) -> str:
    """Raw 8-bit headers as UTF-8 (RFC 6532) or what they look like."""
    text = _FOLD.sub("", value)
    return text if text.isascii() else decode_text(text.encode("ascii", "surrogateescape")).text


def _extended(charset: str | None, _language: str | None, value: str) -> str:
    """The library leaves the bytes of the value as characters of Latin-1."""
    try:
        return decode_text(value.encode("latin-1"), charset or "").text
    except UnicodeEncodeError:
        return value


def _short(identifier: str) -> str:
    """Longer ones become their hash, so that answers still find what they answer."""
    if len(identifier) <= MAX_ID:
        return identifier
    return f"sha256-{sha256(identifier.encode('utf-8', 'replace')).hexdigest()}"
