"""Mails to `@rebond.example` come back: a delivery report (RFC 3464) in a Maildir, as a mail system would put it."""

from __future__ import annotations

import os
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from time import time_ns

from simulators.mailbox.letters import Received

DOMAIN = "@rebond.example"


def folder() -> Path:
    """The Maildir of the portal (docs/configuration.md)."""
    return Path(os.environ.get("ENS_BOUNCES_DIR") or Path(os.environ.get("ENS_STATE_DIR", ".ens")) / "bounces")


def send_back(mail: Received, maildir: Path) -> int:
    """One report for each recipient of the domain. Returns their number."""
    bouncing = [address for address in mail.recipients if address.lower().endswith(DOMAIN)]
    for address in bouncing:
        for name in ("tmp", "new", "cur"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        unique = f"{time_ns()}.{os.getpid()}_{mail.number}.mailbox"
        (maildir / "tmp" / unique).write_bytes(report(mail, address).as_bytes())
        (maildir / "tmp" / unique).rename(maildir / "new" / unique)
    return len(bouncing)


def report(mail: Received, address: str) -> Message:
    """What a relay writes when a mailbox does not exist."""
    made = MIMEMultipart("report", report_type="delivery-status")
    made["From"] = "MAILER-DAEMON@mailbox.localhost"
    made["To"] = mail.sender
    made["Subject"] = "Undelivered Mail Returned to Sender"
    made["Auto-Submitted"] = "auto-replied"
    made.attach(MIMEText(f"<{address}>: no such mailbox"))
    made.attach(_status(address))
    headers = Message()
    headers["Content-Type"] = "text/rfc822-headers"
    headers.set_payload(mail.source.partition(b"\r\n\r\n")[0].decode("ascii", "replace"))
    made.attach(headers)
    return made


def _status(address: str) -> Message:
    status, server, recipient = Message(), Message(), Message()
    status["Content-Type"] = "message/delivery-status"
    server["Reporting-MTA"] = "dns; mailbox.localhost"
    recipient["Final-Recipient"] = f"rfc822; {address}"
    recipient["Action"] = "failed"
    recipient["Status"] = "5.1.1"
    recipient["Diagnostic-Code"] = "smtp; 550 5.1.1 no such mailbox"
    status.set_payload([server, recipient])
    return status
