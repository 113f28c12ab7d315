"""Bytes of one mail in, values out: reads what can be read of anything and says what was wrong (MSS-39)."""

from __future__ import annotations

import re
from functools import partial

from apps.formats.mail.bodies import arrange, body_of
from apps.formats.mail.headers import Headers
from apps.formats.mail.mailboxes import read_address
from apps.formats.mail.model import (
    DEFAULT_LIMITS,
    Body,
    BodyKind,
    Dsn,
    Fault,
    Mailbox,
    MailLimits,
    Mdn,
    MssFields,
    Part,
    PartKind,
    ReadMail,
)  # fmt: skip
from apps.formats.mail.names import clean_line
from apps.formats.mail.parts import encrypted_entities, read_part
from apps.formats.mail.reports import read_report
from apps.formats.mail.structure import Entity, Ledger, read_entity
from apps.formats.mail.subjects import clean_subject, is_end_subject

_MAX_CODES = 100
_CODE = re.compile(r"[A-Za-z0-9._-]{1,32}")
_KEYWORD = re.compile(r"[a-z][a-z-]{0,39}")
_MAX_SOFTWARE = 120


def read_mail(data: bytes, *, limits: MailLimits = DEFAULT_LIMITS) -> ReadMail:
    """Read any bytes as a mail. Never raises; time grows with the length, memory stays below what `limits` allow.

    Returns what the sender claims: nothing here is proved, neither the address of the sender nor a type of a file.
    """
    return _read(data, Ledger(limits=limits), messages=limits.messages)


def read_dsn(data: bytes) -> Dsn | None:
    """The report on delivery that these bytes are, if they are one (MSS-65)."""
    report = read_mail(data).report
    return report if isinstance(report, Dsn) else None


def read_mdn(data: bytes) -> Mdn | None:
    """The receipt of reading that these bytes are, if they are one (MSS-60)."""
    report = read_mail(data).report
    return report if isinstance(report, Mdn) else None


def _read(data: bytes, ledger: Ledger, *, messages: int) -> ReadMail:
    root = read_entity(data, ledger)
    if not root.headers:
        ledger.blame(Fault.NO_HEADERS)
    body, parts = _contents(root, ledger, messages=messages)
    report = read_report(root, ledger)
    senders = root.headers.mailboxes("from")
    if len(senders) != 1:
        ledger.blame(Fault.SEVERAL_SENDERS if senders else Fault.NO_SENDER)
    return _mail(root.headers, senders=senders, body=body, parts=parts, report=report, faults=tuple(ledger.faults))


def _contents(root: Entity, ledger: Ledger, *, messages: int) -> tuple[Body, tuple[Part, ...]]:
    arranged = arrange(root, ledger)
    encrypted = encrypted_entities(root)
    inner = partial(_read, messages=messages - 1) if messages else None
    parts = tuple(read_part(leaf, ledger, is_encrypted=id(leaf) in encrypted, inner=inner) for leaf in arranged.leaves)
    body = body_of(arranged, ledger, is_encrypted=any(part.kind is PartKind.ENCRYPTED for part in parts))
    if body.kind is BodyKind.NONE and not root.headers:
        body = Body(kind=BodyKind.UNREADABLE)
    return body, parts


def _mail(
    headers: Headers, *, senders: tuple[Mailbox, ...], body: Body, parts: tuple[Part, ...],
    report: Dsn | Mdn | None, faults: tuple[Fault, ...],
) -> ReadMail:  # fmt: skip
    mss = _mss(headers)
    return ReadMail(
        message_id="".join(headers.ids("message-id")[:1]),
        answers="".join(headers.ids("in-reply-to")[:1]),
        references=headers.ids("references"),
        subject=clean_subject(headers.words("subject")),
        sender=senders[0] if senders else None,
        senders_count=len(senders),
        to=headers.mailboxes("to"),
        cc=headers.mailboxes("cc"),
        dated_at=headers.moment("date"),
        auto_submitted=_auto_submitted(headers),
        receipt_to=_only_address(headers.mailboxes("disposition-notification-to")),
        return_path=read_address(headers.text("return-path")) if headers.has("return-path") else None,
        mss=mss,
        is_end=mss.is_end or is_end_subject(headers.words("subject")),
        body=body,
        parts=parts,
        report=report,
        faults=faults,
    )


def _mss(headers: Headers) -> MssFields:
    """X-MSS-INS is a letter; whatever else stands there, a number too, is not kept."""
    codes = [each.strip() for each in headers.text("x-mss-codecda").split(",")[:_MAX_CODES]]
    return MssFields(
        is_end=headers.text("x-mss-mes") == "FIN",
        document_codes=tuple(code for code in codes if _CODE.fullmatch(code)),
        ins_is_qualified={"O": True, "N": False}.get(headers.text("x-mss-ins").upper()),
        software=clean_line(headers.words("x-mss-nil"), limit=_MAX_SOFTWARE),
    )


def _auto_submitted(headers: Headers) -> str:
    found = _KEYWORD.match(headers.text("auto-submitted").lower())
    return found[0] if found and found[0] != "no" else ""


def _only_address(boxes: tuple[Mailbox, ...]) -> str:
    """One address or none: a receipt goes to one box."""
    return boxes[0].address if len(boxes) == 1 else ""
