"""Reports about what we sent: not delivered, or refused by the software that got it (MSS-63, MSS-65, MSS-71).

Anybody may have written one. It is believed when it names the Message-ID of a mail of this space, which nobody outside
this mail knows; one that does not is filed like a message, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.access import SYSTEM
from apps.audit.services import Fact, Line, record
from apps.formats.mail.model import Dsn, DsnRecipient, Mdn
from apps.mss.models import OutgoingMail

ACTOR = "mss.file"
BOUNCED, REJECTED = "bounced", "rejected"  # codes of `OutgoingMail.problem`
_FAILED = "failed"
_ERRORS = frozenset({"error", "failure"})
State = OutgoingMail.State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    mail: OutgoingMail
    problem: str
    status: str


def take(*, space_id: UUID, report: Dsn | Mdn, at: datetime) -> bool:
    """Write what a report says into the mails that it is about; False when it is about none of this space.

    Part of the transaction of the filing. Success and delay change nothing, and nothing is ever answered.
    """
    if not report.original_message_id:
        return False
    rows = OutgoingMail.objects.select_for_update(of=("self",))
    mails = list(rows.filter(space_id=space_id, rfc_message_id=report.original_message_id).order_by("id"))
    if not mails:
        return False
    failures = list(_bounces(report, mails) if isinstance(report, Dsn) else _rejections(report, mails))
    for failure in failures:
        _refuse(failure, at)
    _trace(report, mails[0], len(failures), at)
    return True


def _bounces(report: Dsn, mails: list[OutgoingMail]) -> Iterator[_Failure]:
    alone = len(mails) == 1 == len(report.recipients)  # a forwarding server names the box that it forwards to
    for recipient in report.recipients:
        mail = mails[0] if alone else _mail_to(recipient, mails)
        if mail is not None and recipient.action == _FAILED:
            yield _Failure(mail=mail, problem=BOUNCED, status=recipient.status)


def _mail_to(recipient: DsnRecipient, mails: list[OutgoingMail]) -> OutgoingMail | None:
    named = {recipient.final.lower(), recipient.original.lower()} - {""}
    return next((mail for mail in mails if mail.address.lower() in named), None)


def _rejections(report: Mdn, mails: list[OutgoingMail]) -> Iterator[_Failure]:
    """A software that could not take the mail in says so in a receipt (MSS-71); other receipts change nothing."""
    if report.error or _ERRORS & {report.kind, *report.modifiers}:
        recipient = DsnRecipient(final=report.final, original=report.original)
        mail = mails[0] if len(mails) == 1 else _mail_to(recipient, mails)
        if mail is not None:
            yield _Failure(mail=mail, problem=REJECTED, status="")


def _refuse(failure: _Failure, at: datetime) -> None:
    """Whatever the queue thought of it: who says that a mail failed has had it."""
    mail = failure.mail
    mail.state, mail.problem, mail.status_code = State.REFUSED, failure.problem, failure.status
    mail.ended_at = mail.ended_at or at
    mail.save(update_fields=["state", "problem", "status_code", "ended_at"])


def _trace(report: Dsn | Mdn, mail: OutgoingMail, failures: int, at: datetime) -> None:
    kind = "delivery" if isinstance(report, Dsn) else "reading"
    facts: dict[str, Fact] = {"kind": kind, "failures": failures}
    target = f"message:{mail.message_id or mail.about_id}"
    line = Line(action="mss.report.take", target=target, scope_id=mail.space_id, actor_id=ACTOR, facts=facts)
    record(actor=SYSTEM, at=at, line=line)
