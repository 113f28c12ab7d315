"""What the portal writes by itself: read receipts, and that a conversation is closed (MSS-60 to MSS-63, M-05).

Both leave with the null sender and as the mails of a machine: nothing comes back, nothing is answered (RFC 3834).
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext, override

from apps.formats.mail.composing import UnwritableMailError, is_identifier
from apps.formats.mail.model import Mailbox
from apps.formats.mail.names import clean_line
from apps.formats.mail.receipts import ReportToWrite, write_mdn
from apps.formats.mail.subjects import MAX_SUBJECT
from apps.formats.mail.writing import MailToWrite, write_mail
from apps.formats.xdm.faults import DocumentFault
from apps.mss.gateways.base import Outbound
from apps.mss.mails.errors import Lack, UnsendableError
from apps.mss.mails.letters import LANGUAGE, Sender, box_named, message_of, sender_of
from apps.mss.models import Attachment, Message, OutgoingMail, Thread

READ, REJECTION = "receipt", "rejection"  # beginnings of the keys of receipts
_PREFIXES = 60  # characters that our words take of a subject
_NULL = ""
# applicationErrorCondition of the CI-SIS, in ASCII: software reads it (MSS-71).
_ERRORS = {
    "902": "Patient inconnu",
    "903": "INS absente du document",
    "904": "INS du document autre que celle du patient",
    "905": "INS incomplete dans le document",
}
_OTHER = "906", "Autre erreur"


def receipt_of(mail: OutgoingMail) -> Outbound:
    """That the message `about_id` was opened in its box, or that a document of it was not taken in (MSS-71).

    Raises `UnsendableError`.
    """
    sender = sender_of(mail)
    about = message_of(mail.space_id, mail.about_id)
    if not is_identifier(about.message_id):
        raise UnsendableError(Lack.NO_IDENTIFIER)
    try:
        data = _rejection(mail, about, sender) if mail.key.startswith(REJECTION) else _read(mail, about, sender)
    except UnwritableMailError as error:
        raise UnsendableError(Lack.UNWRITABLE) from error
    return Outbound(sender=_NULL, address=mail.address, data=data)


def closing_of(mail: OutgoingMail) -> Outbound:
    """That the holder closed the conversation `about_id`. Raises `UnsendableError`."""
    sender = sender_of(mail)
    threads = Thread.objects.filter(space_id=mail.space_id)
    thread = threads.filter(id=mail.about_id).first() if mail.about_id is not None else None
    if thread is None:
        raise UnsendableError(Lack.GONE)
    try:
        data = write_mail(_notice(mail, thread, sender))
    except UnwritableMailError as error:
        raise UnsendableError(Lack.UNWRITABLE) from error
    return Outbound(sender=_NULL, address=mail.address, data=data)


def _read(mail: OutgoingMail, about: Message, sender: Sender) -> bytes:
    with override(LANGUAGE):
        subject, words = gettext("Read: %s"), gettext("Your message was opened in the mailbox of its recipient.")
    return write_mdn(_report(mail, about, sender, subject=_subject(subject, about.subject), words=words))


def _rejection(mail: OutgoingMail, about: Message, sender: Sender) -> bytes:
    held = Attachment.objects.filter(space_id=about.space_id, message_id=about.id).exclude(held="")
    reason = held.order_by("position").values_list("held", flat=True).first() or ""
    reason = "904" if reason == DocumentFault.OTHER_PATIENT else reason
    code, words = (reason, _ERRORS[reason]) if reason in _ERRORS else _OTHER
    subject = _subject(f"[KO Intégration système !][{code}] XDM/1.0/DDM+%s", about.subject)
    report = _report(mail, about, sender, subject=subject, words=f"{code} {words}")
    return write_mdn(report, error=f"{code}^{words}")


def _report(mail: OutgoingMail, about: Message, sender: Sender, *, subject: str, words: str) -> ReportToWrite:
    return ReportToWrite(
        message_id=mail.rfc_message_id,
        sender=sender.box,
        to=Mailbox(address=mail.address),
        subject=subject,
        words=words,
        written_at=mail.written_at,
        box=sender.address,
        about=about.message_id,
        reporter=settings.MSS_SOFTWARE,
        software=settings.MSS_SOFTWARE,
    )


def _notice(mail: OutgoingMail, thread: Thread, sender: Sender) -> MailToWrite:
    letters = Message.objects.filter(space_id=thread.space_id, thread_id=thread.id)
    ids = letters.filter(received_at__lte=mail.written_at).order_by("-received_at", "-id")
    last = ids.values_list("message_id", flat=True).first() or ""
    with override(LANGUAGE):
        subject = gettext("Conversation closed: %s")
        words = gettext(
            "%s has closed this conversation: it takes no more answers. A message about something new begins another "
            "one. Nobody reads answers to this notice."
        )
    return MailToWrite(
        message_id=mail.rfc_message_id,
        sender=sender.box,
        to=(box_named(mail.space_id, mail.address),),
        subject=_subject(subject, thread.subject),
        text=words % sender.identity.display_name,
        written_at=mail.written_at,
        answers=last if is_identifier(last) else "",
        references=(last,) if is_identifier(last) else (),
        software=settings.MSS_SOFTWARE,
        auto_submitted="auto-generated",
    )


def _subject(words: str, of: str) -> str:
    """Headers have no spaces that do not break."""
    return clean_line(words.replace("%s", of[: MAX_SUBJECT - _PREFIXES]), limit=MAX_SUBJECT)
