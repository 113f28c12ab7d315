"""Reports that the portal sends: that a message was read, and that a closed box could not take one (MSS-60..63)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from apps.formats.mail import composing
from apps.formats.mail.model import Mailbox
from apps.formats.mail.writing import boundary_of, head

_CLOSED = "5.2.1"


class ReadingAct(StrEnum):
    """What became of the message (RFC 8098)."""

    DISPLAYED = "displayed"
    DELETED = "deleted"
    PROCESSED = "processed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportToWrite:
    """What both reports say. `box` is the address the message came to, `about` its id, `words` the text for people,
    `reporter` the name of our software or of our door.
    """

    message_id: str
    sender: Mailbox
    to: Mailbox
    subject: str = field(repr=False)
    words: str = field(repr=False)
    written_at: datetime
    box: str = field(repr=False)
    about: str
    reporter: str
    software: str


def write_mdn(report: ReportToWrite, *, act: ReadingAct = ReadingAct.DISPLAYED, error: str = "") -> bytes:
    """A receipt of reading (RFC 8098), sent with the null sender; `receipt_address` says whether it may be sent.

    `error` makes it the refusal of an archive, `processed/error`, whatever the act (MSS-71). Raises
    `UnwritableMailError`.
    """
    box = composing.address("Final-Recipient", report.box)
    outcome = f"{ReadingAct.PROCESSED}/error" if error else act
    block = [
        composing.token("Reporting-UA", report.reporter),
        f"Original-Recipient: rfc822;{box}",
        f"Final-Recipient: rfc822;{box}",
        composing.identifiers("Original-Message-ID", report.about),
        f"Disposition: manual-action/MDN-sent-automatically; {outcome}",
    ]
    if error:
        block.append(composing.words("Error", error))
    return _report(report, "disposition-notification", [block])


def write_dsn_closed(report: ReportToWrite) -> bytes:
    """That a message was accepted for a box that was closed before it was filed; the only report on delivery that the
    portal writes: all other refusals are answers at the door. Raises `UnwritableMailError`.
    """
    box = composing.address("Final-Recipient", report.box)
    blocks = [
        [f"Reporting-MTA: dns;{composing.token('Reporting-MTA', report.reporter).partition(': ')[2]}"],
        [
            f"Final-Recipient: rfc822;{box}",
            "Action: failed",
            f"Status: {_CLOSED}",
            f"Diagnostic-Code: smtp;550 {_CLOSED} mailbox closed",
        ],
    ]
    return _report(report, "delivery-status", blocks)


def _report(report: ReportToWrite, kind: str, blocks: list[list[str]]) -> bytes:
    """A multipart/report that nothing answers (RFC 3834); the message itself is not given back, its id is."""
    fields = [
        *head(report.message_id, report.written_at, sender=report.sender, to=(report.to,)),
        composing.words("Subject", report.subject),
        composing.identifiers("In-Reply-To", report.about),
        composing.identifiers("References", report.about),
        "Auto-Submitted: auto-replied",
        composing.token("X-MSS-NIL", report.software),
    ]
    parts = [
        composing.text_part(report.words),
        composing.report_part(f"message/{kind}", blocks),
        composing.report_part("text/rfc822-headers", [[composing.identifiers("Message-ID", report.about)]]),
    ]
    content_type = f"multipart/report; report-type={kind}"
    return composing.assembled(fields, content_type, parts, boundary=boundary_of(report.message_id))
