"""What came back on a mail: receipts of reading, notices that it was not delivered, answers of the patient."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from enum import StrEnum

from simulators.mssante_operator.memory import Received, Sent


class Kind(StrEnum):
    READ = "read"
    FAILED = "failed"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """`detail` is the disposition of a receipt (RFC 8098) or the status of a notice (RFC 3464)."""

    kind: Kind
    number: int
    detail: str


def kind_of(message: EmailMessage) -> Kind:
    """What a mail that came is."""
    found = _report_type(message)
    if found == "disposition-notification":
        return Kind.READ
    return Kind.FAILED if found == "delivery-status" else Kind.ANSWER


def returns_of(sent: Sent, received: Iterable[Received]) -> list[Return]:
    """Everything that names the id of this mail, the oldest first."""
    found = [_one(one, sent.message_id) for one in received if one.box == sent.box]
    return sorted((each for each in found if each is not None), key=lambda each: each.number)


def about(message: EmailMessage) -> str:
    """The id of the mail that a report or an answer is about, or empty."""
    for part in _all(message):
        for name in ("Original-Message-ID", "In-Reply-To"):
            if part[name]:
                return str(part[name]).strip()
    return next((str(part["Message-ID"]).strip() for part in _quoted(message) if part["Message-ID"]), "")


def _one(one: Received, message_id: str) -> Return | None:
    message = one.message()
    if not message_id or about(message) != message_id:
        return None
    return Return(kind=kind_of(message), number=one.number, detail=_detail(message))


def _detail(message: EmailMessage) -> str:
    for part in _all(message):
        for name in ("Disposition", "Status"):
            if part[name]:
                return str(part[name]).strip()
    return ""


def _report_type(message: EmailMessage) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    return str(message.get_param("report-type") or "").lower()


def _all(message: EmailMessage) -> Iterator[Message]:
    """The mail, its parts, and the groups of fields of a report; not what is inside a forwarded message."""
    yield message
    for part in message.walk():
        if part.get_content_type() == "message/disposition-notification":
            yield _fields(part)
        elif part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            yield from (block for block in payload if isinstance(block, Message)) if isinstance(payload, list) else ()


def _quoted(message: EmailMessage) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            yield _fields(part)


def _fields(part: Message) -> Message:
    """The fields that are the content of a part; the library reads some of these parts as messages already."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0]
    found = Message()
    text = payload if isinstance(payload, str) else ""
    for line in re.sub(r"\r?\n[ \t]+", " ", text).splitlines():
        name, colon, value = line.partition(":")
        if colon and name:
            found[name.strip()] = value.strip()
    return found
