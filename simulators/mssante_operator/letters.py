"""Mails that a box writes: plain letters, and reports on mails that could not be delivered (RFC 3464)."""

from __future__ import annotations

from datetime import datetime
from email import policy
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from uuid import uuid4

from simulators.mssante_operator.boxes import Box
from simulators.mssante_operator.memory import Received

SOFTWARE = "SIMULATEUR-MSS-1"
END = "[FIN]"


def letter(*, box: Box, to: str, subject: str, text: str, at: datetime) -> EmailMessage:
    """A plain message with the headers that every message of the trust space has (MSS-33)."""
    made = EmailMessage(policy=SMTP)
    made["Date"] = format_datetime(at)
    made["From"] = formataddr((box.name, box.address))
    made["To"] = to
    made["Subject"] = subject
    made["Message-ID"] = f"<{uuid4()}@{box.address.rpartition('@')[2]}>"
    made["X-MSS-NIL"] = SOFTWARE
    made.set_content(text)
    return made


def answer(message: EmailMessage, to: EmailMessage) -> None:
    """Make a message an answer to another one (MSS-30)."""
    about = _one_id(to)
    if about:
        message["In-Reply-To"] = about
        message["References"] = " ".join([*str(to["References"] or to["In-Reply-To"] or "").split(), about])


def ask_receipt(message: EmailMessage, box: Box) -> None:
    """Ask for a receipt of reading (MSS-60)."""
    message["Disposition-Notification-To"] = box.address


def end(message: EmailMessage) -> None:
    """Say that the exchange ends with this message (MSS-23)."""
    message["X-MSS-MES"] = "FIN"


def report(mail: Received) -> Message:
    """The notice that a mail was accepted and could not be delivered; what it was about is named by its id alone."""
    made = MIMEMultipart("report", report_type="delivery-status", policy=policy.SMTP)
    made["From"] = f"MAILER-DAEMON@{mail.recipient.rpartition('@')[2]}"
    made["To"] = mail.sender
    made["Subject"] = "Undelivered Mail Returned to Sender"
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = f"<{uuid4()}@{mail.recipient.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-replied"
    made.attach(MIMEText(f"<{mail.recipient}>: mailbox closed", policy=policy.SMTP))
    made.attach(_status(mail.recipient))
    headers = Message(policy=policy.SMTP)
    headers["Content-Type"] = "text/rfc822-headers"
    headers.set_payload(f"Message-ID: {_one_id(mail.message())}\r\n")
    made.attach(headers)
    return made


def _status(recipient: str) -> Message:
    status, about, address = Message(policy=policy.SMTP), Message(policy=policy.SMTP), Message(policy=policy.SMTP)
    status["Content-Type"] = "message/delivery-status"
    about["Reporting-MTA"] = "dns; operator.localhost"
    address["Final-Recipient"] = f"rfc822; {recipient}"
    address["Action"] = "failed"
    address["Status"] = "5.2.1"
    address["Diagnostic-Code"] = "smtp; 550 5.2.1 mailbox closed"
    status.set_payload([about, address])
    return status


def _one_id(message: EmailMessage) -> str:
    return str(message["Message-ID"] or "").strip()
