"""Reports that come back: on delivery (RFC 3464) and on reading (RFC 8098), and who may be told of it (MSS-60..65)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.formats.mail.headers import Headers
from apps.formats.mail.mailboxes import read_address
from apps.formats.mail.model import Dsn, DsnRecipient, Mdn, ReadMail
from apps.formats.mail.names import clean_line
from apps.formats.mail.structure import Entity, Ledger

DELIVERY = frozenset({"message/delivery-status", "message/global-delivery-status"})
READING = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
QUOTED = frozenset({"text/rfc822-headers", "message/global-headers"})
_WHOLE = frozenset({"message/rfc822", "message/global"})
_MAX_REPORT = 64_000
_MAX_RECIPIENTS = 100
_GAP = re.compile(rb"\n(?:[ \t]*\r?\n)+")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_WORD = re.compile(r"[a-z0-9-]{1,40}")


def read_report(root: Entity, ledger: Ledger) -> Dsn | Mdn | None:
    """The report that the message is, if it is one."""
    if root.media_type != "multipart/report":
        return None
    for part in root.children:
        if part.media_type in DELIVERY:
            return _dsn(list(_blocks(part, ledger)), _quoted_id(root, ledger))
        if part.media_type in READING:
            return _mdn(next(_blocks(part, ledger), Headers(b"")), _quoted_id(root, ledger))
    return None


def receipt_address(mail: ReadMail, *, envelope_sender: str) -> str:
    """Where a receipt of reading may go: empty where nobody asked, where the answer would go to another box than the
    envelope names, to a report or to what a machine sent (MSS-60, MSS-63).
    """
    if mail.report is not None or mail.auto_submitted or not envelope_sender:
        return ""
    return mail.receipt_to if mail.receipt_to.lower() == envelope_sender.lower() else ""


def _blocks(part: Entity, ledger: Ledger) -> Iterator[Headers]:
    """The groups of fields of a report."""
    content = part.content(ledger)[:_MAX_REPORT]
    for block in _GAP.split(content.strip(b"\r\n"))[: _MAX_RECIPIENTS + 1]:
        yield Headers(ledger.header(block + b"\n"))


def _dsn(blocks: list[Headers], quoted_id: str) -> Dsn:
    about = blocks[0] if blocks else Headers(b"")
    recipients = tuple(_recipient(each) for each in blocks if each.has("action") or each.has("final-recipient"))
    mta = clean_line(about.text("reporting-mta").rpartition(";")[2])
    return Dsn(recipients=recipients, reporting_mta=mta, original_message_id=quoted_id)


def _recipient(block: Headers) -> DsnRecipient:
    action = block.text("action").split(" ", 1)[0].strip(";").lower()
    status = _STATUS.match(block.text("status"))
    return DsnRecipient(
        final=read_address(block.text("final-recipient")),
        original=read_address(block.text("original-recipient")),
        action=action if action in _ACTIONS else "",
        status=status[0] if status else "",
        diagnostic=clean_line(block.words("diagnostic-code").partition(";")[2] or block.words("diagnostic-code")),
    )


def _mdn(block: Headers, quoted_id: str) -> Mdn:
    modes, _, kinds = block.text("disposition").lower().partition(";")
    action_mode, _, sending_mode = modes.partition("/")
    kind, _, modifiers = kinds.partition("/")
    return Mdn(
        kind=_word(kind),
        action_mode=_word(action_mode),
        sending_mode=_word(sending_mode),
        modifiers=tuple(word for each in modifiers.split(",")[:10] if (word := _word(each))),
        error=clean_line(block.words("error")),
        final=read_address(block.text("final-recipient")),
        original=read_address(block.text("original-recipient")),
        original_message_id="".join(block.ids("original-message-id")[:1]) or quoted_id,
    )


def _word(text: str) -> str:
    found = _WORD.fullmatch(text.strip())
    return found[0] if found else ""


def _quoted_id(root: Entity, ledger: Ledger) -> str:
    """The id of the message that the report gives back, whole or by its header."""
    for part in root.children:
        if part.media_type in QUOTED or part.media_type in _WHOLE:
            head = re.split(rb"\n\r?\n", part.content(ledger)[:_MAX_REPORT].lstrip(b"\r\n"), maxsplit=1)[0]
            return "".join(Headers(ledger.header(head + b"\n")).ids("message-id")[:1])
    return ""
