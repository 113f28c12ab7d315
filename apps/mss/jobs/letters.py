"""One message into one space, in one transaction: the same delivery twice is one message (S19)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import transaction

from apps.access import SYSTEM
from apps.audit.services import Fact, Line, record
from apps.common.failpoints import reach
from apps.files import services as files
from apps.formats.mail.model import Mailbox, ReadMail
from apps.formats.mail.reports import receipt_address
from apps.mss import counters, events, searching, telling
from apps.mss.bodies import Bodies
from apps.mss.jobs.attaching import Attached, Shelf, attach
from apps.mss.jobs.boxes import box_of, note_writing
from apps.mss.jobs.receipting import queue_rejection
from apps.mss.jobs.threads import thread_of
from apps.mss.models import ArrivalAddress, Correspondent, Message, Thread
from apps.spaces.models import HealthSpace

END_SUBJECT = "[FIN]"
MAIL_TYPE = "message/rfc822"
_MOST_NAMES = 200
_SUBJECT = 500
_ADDRESS = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An arrival as it was opened and read, once for all its spaces."""

    arrival_id: UUID
    received_at: datetime
    envelope_sender: str = field(repr=False)
    digest: str
    data: bytes = field(repr=False)
    mail: ReadMail = field(repr=False)

    @property
    def sender(self) -> Mailbox | None:
        """Who wrote it: the address of From, else the envelope's; None for a machine that names neither."""
        written = self.mail.sender
        if written is not None and written.address:
            return written
        return Mailbox(address=self.envelope_sender) if self.envelope_sender else None

    @property
    def is_end_alone(self) -> bool:
        """`[FIN]`, or an end without a word: a line of the conversation, no message (MSS-23)."""
        mail = self.mail
        return mail.is_end and (mail.subject == END_SUBJECT or not (mail.body.text.strip() or mail.parts))


@transaction.atomic
def file_in_space(*, letter: Letter, space_id: UUID, at: datetime) -> None:
    """File the letter in one space, once. The row of the space is locked: its messages are filed one after the other.

    Raises `StoreUnavailableError`, `MasterKeyMissingError`, `WrongMasterKeyError`: nothing was filed.
    """
    rows = HealthSpace.objects.select_for_update(of=("self",), no_key=True).select_related("identity")
    space = rows.get(pk=space_id)
    waiting = ArrivalAddress.objects.filter(arrival_id=letter.arrival_id, space_id=space_id, filed_at=None)
    if not waiting.update(filed_at=at):
        return
    _file(letter, space, at)
    reach("mss.file.before_commit")


def _file(letter: Letter, space: HealthSpace, at: datetime) -> None:
    """In a space that closed since the door took it too: what came before stays with its archive (MSS-38)."""
    if space.status == HealthSpace.Status.DELETED:
        _drop(letter, space, "space-deleted", at)
        return
    report = letter.mail.report
    if report is not None and events.is_taken(space_id=space.id, report=report, at=at):
        return
    message_id = _own_id(letter, space.id)
    if message_id is None:
        return
    box = box_of(space_id=space.id, sender=letter.sender)
    if box is not None and box.blocked_at is not None:
        _drop(letter, space, "blocked", at)
        return
    thread = thread_of(space_id=space.id, letter=letter, message_id=message_id, box=box)
    bodies = Bodies(space.id)
    message = _message(letter, space, message_id, box, thread)
    message.body_sealed = bodies.seal(letter.mail.body.text, row_id=message.id)
    attached = attach(shelf=Shelf(space=space, vault=bodies.vault, message_id=message.id, at=at), mail=letter.mail)
    _keep_raw(letter, message, attached)
    message.search = _words(letter, message, box, attached)
    message.save(force_insert=True)  # after its parts: the database compares the two at the commit
    _count(message, thread, attached)
    _conclude(letter, box, thread, space, at)
    if attached.held and box is not None and box.kind == Correspondent.Kind.APPLICATION:
        queue_rejection(message=message, at=at)
    _trace(message, attached, at)


def _own_id(letter: Letter, space_id: UUID) -> str | None:
    """Under which id the space keeps it; None when the space has it already.

    Another text under an id that is taken is no repeat: it is kept under its id and its digest.
    """
    wanted = letter.mail.message_id or f"{letter.digest}@digest.invalid"
    mine = Message.objects.filter(space_id=space_id, direction=Message.Direction.RECEIVED)
    if not mine.filter(message_id=wanted).exists():
        return wanted
    same = ArrivalAddress.objects.filter(space_id=space_id, arrival__digest=letter.digest, filed_at__isnull=False)
    if same.exclude(arrival_id=letter.arrival_id).exists():
        return None
    other = f"{letter.digest[:32]}.{wanted}"[:255]
    return None if mine.filter(message_id=other).exists() else other


def _message(letter: Letter, space: HealthSpace, message_id: str, box: Correspondent | None, thread: Thread) -> Message:
    mail = letter.mail
    receipt_to = receipt_address(mail, envelope_sender=letter.envelope_sender)[:_ADDRESS]
    return Message(
        space_id=space.id,
        thread_id=thread.id,
        direction=Message.Direction.RECEIVED,
        kind=Message.Kind.END if letter.is_end_alone else Message.Kind.LETTER,
        message_id=message_id,
        answers=mail.answers,
        references=list(mail.references),
        correspondent_id=box.id if box else None,
        recipients=_recipients(mail),
        subject=mail.subject[:_SUBJECT],
        dated_at=mail.dated_at.astimezone(UTC) if mail.dated_at else None,  # PostgreSQL refuses +20:26
        received_at=letter.received_at,
        body_kind=mail.body.kind.value,
        is_doubtful=mail.body.is_doubtful,
        read_at=letter.received_at if letter.is_end_alone else None,
        software=mail.mss.software[:120],
        document_codes=list(mail.mss.document_codes),
        wants_receipt=bool(receipt_to),
        receipt_to=receipt_to,
    )


def _recipients(mail: ReadMail) -> list[dict[str, str | bool]]:
    """Names alone: addresses hold numbers of people and are never shown (MSS-11, MSS-22, MSS-26)."""
    named = [(box, False) for box in mail.to] + [(box, True) for box in mail.cc]
    shown = [(box.name, is_copy) for box, is_copy in named if box.name and "@" not in box.name]
    return [{"name": name[:200], "is_copy": is_copy} for name, is_copy in shown[:_MOST_NAMES]]


def _keep_raw(letter: Letter, message: Message, attached: Attached) -> None:
    """The message as it came (MSS-39); where a part of it is held, the whole is held with it (MSS-53, MSS-71)."""
    if attached.held:
        attached.shelf.put_raw(letter.data, held=attached.held)
        return
    content = files.Content(data=letter.data, media_type=MAIL_TYPE)
    file = files.store_in(vault=attached.shelf.vault, content=content, at=attached.shelf.at)
    message.vault_id, message.file_id, message.size = file.vault_id, file.id, len(letter.data)


def _words(letter: Letter, message: Message, box: Correspondent | None, attached: Attached) -> SearchVector:
    sender = box.display_name if box else ""
    names = [] if letter.is_end_alone else attached.words
    return searching.vector(message.subject, sender, "\n".join(names), letter.mail.body.text)


def _count(message: Message, thread: Thread, attached: Attached) -> None:
    if not thread.messages:  # none that was found is empty
        counters.begin(thread, message=message, has_attachments=attached.shelf.is_shown)
    else:
        counters.recount(space_id=thread.space_id, thread_id=thread.id)


def _conclude(letter: Letter, box: Correspondent | None, thread: Thread, space: HealthSpace, at: datetime) -> None:
    """The bin, the end of the exchange, and the notice; an end alone brings nothing out of the bin."""
    if box is not None:
        note_writing(box, received_at=letter.received_at, is_end=letter.mail.is_end)
    if letter.is_end_alone:
        return
    if thread.binned_at is not None:
        Thread.objects.filter(space_id=space.id, id=thread.id).update(binned_at=None)
    telling.tell_of_message(space=space, thread_id=thread.id, at=at)


def _trace(message: Message, attached: Attached, at: datetime) -> None:
    facts: dict[str, Fact] = {"attachments": attached.shelf.count, "held": attached.held, "kind": str(message.kind)}
    line = Line(
        action="mss.message.receive",
        target=f"message:{message.id}",
        scope_id=message.space_id,
        actor_id="mss.file",
        facts=facts,
    )
    record(actor=SYSTEM, at=at, line=line)


def _drop(letter: Letter, space: HealthSpace, reason: str, at: datetime) -> None:
    """Nothing is kept: the space is erased, or its holder wants nothing from this box."""
    target, facts = f"arrival:{letter.arrival_id}", {"reason": reason}
    line = Line(action="mss.message.drop", target=target, scope_id=space.id, actor_id="mss.file", facts=facts)
    record(actor=SYSTEM, at=at, line=line)
