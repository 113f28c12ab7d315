"""Mails that the portal sends: one value in, the same bytes each time (MSS-34, MSS-57, SEC-23)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from apps.formats.mail import composing
from apps.formats.mail.composing import UnwritableMailError, WritingFault
from apps.formats.mail.model import Mailbox
from apps.formats.mail.subjects import MAX_SUBJECT

_MAX_REFERENCES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToWrite:
    """`name` as `clean_name` gives it; `media_type` by content."""

    name: str = field(repr=False)
    media_type: str
    data: bytes = field(repr=False)


AUTOMATIC = frozenset({"auto-generated", "auto-replied"})  # key words of RFC 3834 that we write


@dataclass(frozen=True, slots=True, kw_only=True)
class MailToWrite:
    """Ids without angle brackets. `software` is X-MSS-NIL, on each message; codes and the quality of the INS go with an
    archive of clinical documents alone (MSS-33). `text` loses its controls and its marks of direction. `auto_submitted`
    is the key word of RFC 3834 for what a machine writes.
    """

    message_id: str
    sender: Mailbox
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...] = ()
    subject: str = field(repr=False)
    text: str = field(repr=False)
    written_at: datetime
    answers: str = ""
    references: tuple[str, ...] = ()
    files: tuple[FileToWrite, ...] = ()
    software: str
    document_codes: tuple[str, ...] = ()
    ins_is_qualified: bool | None = None
    auto_submitted: str = ""


def write_mail(mail: MailToWrite) -> bytes:
    """RFC 5322 bytes in ASCII with CRLF, the same for the same value: a repeat of sending is the same mail (REL-08).

    Subject and names are expected as `clean_line` and `clean_name` give them. Raises `UnwritableMailError` for what no
    header may hold: line ends, controls, addresses that are none, a time without zone.
    """
    if not mail.to:
        raise UnwritableMailError(WritingFault.NO_RECIPIENT, "To")
    fields = [*head(mail.message_id, mail.written_at, sender=mail.sender, to=mail.to), *_further_fields(mail)]
    text = composing.text_part(mail.text)
    if not mail.files:
        return composing.single(fields, text)
    parts = [text, *(composing.file_part(each.name, each.media_type, each.data) for each in mail.files)]
    return composing.assembled(fields, "multipart/mixed", parts, boundary=boundary_of(mail.message_id))


def head(message_id: str, at: datetime, *, sender: Mailbox, to: tuple[Mailbox, ...]) -> list[str]:
    """The fields that each mail has."""
    if at.tzinfo is None:
        raise UnwritableMailError(WritingFault.NAIVE_TIME, "Date")
    return [
        f"Date: {format_datetime(at)}",
        composing.mailboxes("From", sender),
        composing.mailboxes("To", *to),
        composing.identifiers("Message-ID", message_id),
    ]


def boundary_of(message_id: str) -> str:
    """A line that no encoded content can hold, the same for the same message."""
    return f"=_{sha256(message_id.encode()).hexdigest()[:32]}"


def _further_fields(mail: MailToWrite) -> list[str]:
    if len(mail.subject) > MAX_SUBJECT:
        raise UnwritableMailError(WritingFault.TOO_LONG, "Subject")
    fields = [composing.mailboxes("Cc", *mail.cc)] if mail.cc else []
    fields.append(composing.words("Subject", mail.subject))
    if mail.answers:
        fields.append(composing.identifiers("In-Reply-To", mail.answers))
    if mail.references:
        fields.append(composing.identifiers("References", *mail.references[-_MAX_REFERENCES:]))
    if mail.auto_submitted:
        if mail.auto_submitted not in AUTOMATIC:
            raise UnwritableMailError(WritingFault.KEY_WORD, "Auto-Submitted")
        fields.append(composing.token("Auto-Submitted", mail.auto_submitted))
    fields.append(composing.token("X-MSS-NIL", mail.software))
    if mail.document_codes:
        fields.append(composing.token("X-MSS-CODECDA", ",".join(mail.document_codes)))
    if mail.ins_is_qualified is not None:
        fields.append(composing.token("X-MSS-INS", "O" if mail.ins_is_qualified else "N"))
    return fields
