"""A mail of the queue as bytes: the same each time, under the id of its row (REL-08, MSS-14, MSS-34)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from apps.access import Role
from apps.accounts.models import IdentityStatus, InsIdentity
from apps.files.crypto import TamperedError
from apps.files.keys import MasterKeyMissingError, VaultDestroyedError
from apps.formats.mail.composing import UnwritableMailError
from apps.formats.mail.model import Mailbox
from apps.formats.mail.names import clean_line
from apps.formats.mail.subjects import MAX_SUBJECT
from apps.formats.mail.writing import MailToWrite, write_mail
from apps.mss.addresses import address_of
from apps.mss.bodies import Bodies
from apps.mss.gateways.base import Outbound
from apps.mss.mails.contents import Contents, contents_of
from apps.mss.mails.errors import Lack, NotReadyError, UnsendableError
from apps.mss.models import Correspondent, Message, OutgoingMail
from apps.spaces.models import HealthSpace

LANGUAGE = "fr"  # of the people who read what we write by ourselves
_PACKAGE = "XDM/1.0/DDM+"  # of the subject of each mail with an archive (IHE ITI-32)
_NAME = 200
_WHO = {
    Role.DELEGATE.value: gettext_noop("Written by %(author)s, who helps %(holder)s."),
    Role.REPRESENTATIVE.value: gettext_noop("Written by %(author)s, who represents %(holder)s."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The box that a mail leaves from, and whose it is."""

    identity: InsIdentity

    @property
    def address(self) -> str:
        return address_of(self.identity.number)

    @property
    def box(self) -> Mailbox:
        return Mailbox(name=clean_line(self.identity.display_name, limit=_NAME), address=self.address)


def letter_of(mail: OutgoingMail) -> Outbound:
    """The letter of a row, to its box. Raises `NotReadyError`, `UnsendableError`."""
    sender = sender_of(mail)
    message = message_of(mail.space_id, mail.message_id)
    contents = contents_of(message, sender.identity)
    try:
        data = write_mail(_written(mail, message, sender, contents))
    except UnwritableMailError as error:
        raise UnsendableError(Lack.UNWRITABLE) from error
    if len(data) > settings.MSS_MAX_MESSAGE_BYTES:
        raise UnsendableError(Lack.TOO_LARGE)
    return Outbound(sender=sender.address, address=mail.address, data=data)


def message_of(space_id: UUID, message_id: UUID | None) -> Message:
    """Raises `UnsendableError` when it is gone."""
    rows = Message.objects.filter(space_id=space_id).select_related("author__identity")
    message = rows.filter(id=message_id).first() if message_id is not None else None
    if message is None:
        raise UnsendableError(Lack.GONE)
    return message


def sender_of(mail: OutgoingMail) -> Sender:
    """Nothing leaves a box that is closed: whoever answered it would hear that there is none (MSS-13).

    Raises `UnsendableError` for a space that is closed or erased, `NotReadyError` for one that is suspended.
    """
    space = HealthSpace.objects.select_related("identity").get(pk=mail.space_id)
    if space.status == HealthSpace.Status.DELETED:
        raise UnsendableError(Lack.SPACE_DELETED)
    if space.status == HealthSpace.Status.CLOSED:
        raise UnsendableError(Lack.SPACE_CLOSED)
    if space.status == HealthSpace.Status.SUSPENDED:
        raise NotReadyError(Lack.SPACE_SUSPENDED)
    return Sender(identity=space.identity)


def _written(mail: OutgoingMail, message: Message, sender: Sender, contents: Contents) -> MailToWrite:
    is_qualified = sender.identity.status is IdentityStatus.QUALIFIED
    return MailToWrite(
        message_id=mail.rfc_message_id,
        sender=sender.box,
        to=_boxes(message),
        subject=_subject(message, has_package=contents.has_package),
        text=_text(message, sender.identity),
        written_at=message.received_at,
        answers=message.answers,
        references=tuple(message.references),
        files=contents.files,
        software=settings.MSS_SOFTWARE,
        document_codes=contents.codes,
        ins_is_qualified=is_qualified if contents.has_package else None,
    )


def _boxes(message: Message) -> tuple[Mailbox, ...]:
    """All boxes that the message goes to: each of them sees who else has it (MSS-26)."""
    rows = OutgoingMail.objects.filter(space_id=message.space_id, message_id=message.id).order_by("id")
    addresses = list(rows.values_list("address", flat=True))
    return tuple(box_named(message.space_id, address) for address in addresses)


def box_named(space_id: UUID, address: str) -> Mailbox:
    """A box with the name that the space knows it by."""
    rows = Correspondent.objects.filter(space_id=space_id, address=address)
    name = rows.values_list("display_name", flat=True).first() or ""
    return Mailbox(name=clean_line(name, limit=_NAME), address=address)


def _subject(message: Message, *, has_package: bool) -> str:
    """With the mark of a package that software looks for, without the traits of the person (MSS-32)."""
    subject = clean_line(message.subject, limit=MAX_SUBJECT - len(_PACKAGE))
    if has_package:
        return f"{_PACKAGE}{subject}"
    return f"Re: {subject}".strip() if message.answers else subject


def _text(message: Message, holder: InsIdentity) -> str:
    """The text, and who wrote it when it was not the holder (MSS-14)."""
    text = opened(message)
    words = _WHO.get(message.author_role)
    author = message.author.identity if message.author is not None else None
    if words is None or author is None:
        return text
    with override(LANGUAGE):
        said = gettext(words) % {"author": author.display_name, "holder": holder.display_name}
    return f"{text}\n\n-- \n{said}"


def opened(message: Message) -> str:
    """The text of a message. Raises `NotReadyError`, `UnsendableError`."""
    try:
        return Bodies(message.space_id).open(message.body_sealed, row_id=message.id)
    except MasterKeyMissingError as error:
        raise NotReadyError(Lack.KEY_AWAY) from error
    except (TamperedError, VaultDestroyedError) as error:
        raise UnsendableError(Lack.TEXT_LOST) from error
