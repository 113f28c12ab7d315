"""Header lines and parts of the mails that we write: nothing that a value holds can end a line (SEC-23)."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from email.header import Header
from email.parser import BytesHeaderParser
from email.policy import compat32
from enum import StrEnum
from urllib.parse import quote

from apps.formats.mail.mailboxes import is_address
from apps.formats.mail.model import Mailbox
from apps.formats.mail.names import clean_line, clean_name, clean_text

EOL = "\r\n"
_LINE = 76
_MAX_ID = 250
_ID = re.compile(rf"[!-;=?-~]{{1,{_MAX_ID}}}")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_TOKEN = re.compile(r"[!-~]{1,120}")
_PRINTABLE = re.compile(r"[ -~]*")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 '-]*")
_NOT_ASCII_NAME = re.compile(r"[^A-Za-z0-9 ._()+-]")
_CHUNK = 48  # characters of a line with a piece of a long name


class WritingFault(StrEnum):
    """Why a mail cannot be written: a fault of the calling code, which cleans what people type."""

    LINE = "line"  # controls, line ends, marks that turn the direction of writing
    NAME = "name"  # no name of a file
    ADDRESS = "address"
    IDENTIFIER = "identifier"
    MEDIA_TYPE = "media-type"
    NO_RECIPIENT = "no-recipient"
    NAIVE_TIME = "naive-time"
    TOO_LONG = "too-long"
    KEY_WORD = "key-word"  # none of those that the field knows


class UnwritableMailError(Exception):
    """A value that no header may hold; it names the field, never the value."""

    def __init__(self, code: WritingFault, field: str) -> None:
        super().__init__(f"{code}: {field}")
        self.code = code
        self.field = field


def words(name: str, text: str) -> str:
    """A field with a text for people."""
    if clean_line(text, limit=len(text)) != unicodedata.normalize("NFC", text):
        raise UnwritableMailError(WritingFault.LINE, name)
    return f"{name}: {_encoded(text, first=len(name) + 2)}"


def token(name: str, value: str) -> str:
    """A field with one word of ASCII."""
    if not _TOKEN.fullmatch(value):
        raise UnwritableMailError(WritingFault.LINE, name)
    return f"{name}: {value}"


def is_identifier(value: str) -> bool:
    """Whether a header of ours may hold this id of another one."""
    return bool(_ID.fullmatch(value))


def identifiers(name: str, *values: str) -> str:
    """A field with message ids, one on a line: the library would fold inside a long one."""
    if not all(map(is_identifier, values)):
        raise UnwritableMailError(WritingFault.IDENTIFIER, name)
    return f"{name}: " + f"{EOL} ".join(f"<{each}>" for each in values)


def mailboxes(name: str, *boxes: Mailbox) -> str:
    """A field with addresses, one on a line."""
    return f"{name}: " + f",{EOL} ".join(_mailbox(name, each) for each in boxes)


def address(name: str, value: str) -> str:
    """The address, checked: ASCII only, as secure messaging has them."""
    if not (value.isascii() and is_address(value)):
        raise UnwritableMailError(WritingFault.ADDRESS, name)
    return value


def text_part(text: str) -> str:
    """A part with plain text, its fields first."""
    body = "".join(f"{line}\n" for line in clean_text(text).split("\n")).encode()
    quoted = binascii.b2a_qp(body, istext=True).decode("ascii").replace("\n", EOL)
    return _part(['Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable"], quoted)


def file_part(name: str, media_type: str, data: bytes) -> str:
    """A part with a file, under both forms of its name (S14)."""
    if not name or clean_name(name) != name:
        raise UnwritableMailError(WritingFault.NAME, "filename")
    if not _TYPE.fullmatch(media_type):
        raise UnwritableMailError(WritingFault.MEDIA_TYPE, "Content-Type")
    fields = [
        f'Content-Type: {media_type};{EOL} name="{ascii_name(name)}"',
        f'Content-Disposition: attachment;{EOL} filename="{ascii_name(name)}"{_extended(name)}',
        "Content-Transfer-Encoding: base64",
    ]
    return _part(fields, base64.encodebytes(data).decode("ascii").replace("\n", EOL))


def report_part(media_type: str, blocks: list[list[str]]) -> str:
    """A part with groups of fields (RFC 3464, RFC 8098)."""
    return _part([f"Content-Type: {media_type}"], (EOL * 2).join(EOL.join(block) for block in blocks) + EOL)


def assembled(fields: list[str], content_type: str, parts: list[str], *, boundary: str) -> bytes:
    """A whole message of parts. The boundary holds `=_`, which no encoded content does."""
    head = [*fields, "MIME-Version: 1.0", f'Content-Type: {content_type};{EOL} boundary="{boundary}"']
    body = "".join(f"--{boundary}{EOL}{part}{EOL}" for part in parts) + f"--{boundary}--{EOL}"
    return proved(head, EOL.join(head) + EOL * 2 + body)


def single(fields: list[str], part: str) -> bytes:
    """A whole message of one part."""
    head = [*fields, "MIME-Version: 1.0"]
    return proved(head, EOL.join(head) + EOL + part, further=2)


def proved(fields: list[str], message: str, *, further: int = 0) -> bytes:
    """The bytes, after the library has found in them the fields that were meant, and no other."""
    data = message.encode("ascii")
    found = [name for name, _ in BytesHeaderParser(policy=compat32).parsebytes(data).raw_items()]
    meant = [field.partition(":")[0] for field in fields]
    if found[: len(meant)] != meant or len(found) != len(meant) + further:
        raise UnwritableMailError(WritingFault.LINE, "header")
    return data


def ascii_name(name: str) -> str:
    """The name for readers that know ASCII alone: letters without accents, the ending kept."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(_NOT_ASCII_NAME.sub("_", plain).split())[-100:].strip(" .") or "file"


def _part(fields: list[str], content: str) -> str:
    return EOL.join(fields) + EOL * 2 + content


def _mailbox(name: str, box: Mailbox) -> str:
    there = address(name, box.address)
    if not box.name:
        return there
    if clean_line(box.name) != box.name:
        raise UnwritableMailError(WritingFault.LINE, name)
    shown = box.name if _PLAIN_NAME.fullmatch(box.name) and len(box.name) < _LINE else _always_encoded(box.name)
    return f"{shown}{EOL} <{there}>" if len(shown) + len(there) > _LINE else f"{shown} <{there}>"


def _encoded(text: str, *, first: int) -> str:
    """As it stands where it is short ASCII that nobody takes for an encoded word."""
    if _PRINTABLE.fullmatch(text) and "=?" not in text and len(text) + first <= _LINE:
        return text
    return _always_encoded(text)


def _always_encoded(text: str) -> str:
    """Encoded words, split between characters; the library alone decides where."""
    return Header(text, "utf-8", maxlinelen=_LINE, header_name="x" * 30).encode(linesep=EOL)


def _extended(name: str) -> str:
    """The name by RFC 2231, in pieces that are no longer than a line."""
    pieces, piece = [], ""
    for character in name:
        coded = quote(character, safe="")
        if len(piece) + len(coded) > _CHUNK:
            pieces.append(piece)
            piece = ""
        piece += coded
    pieces.append(piece)
    if len(pieces) == 1:
        return f";{EOL} filename*=UTF-8''{pieces[0]}"
    pieces[0] = f"UTF-8''{pieces[0]}"
    return "".join(f";{EOL} filename*{number}*={each}" for number, each in enumerate(pieces))
