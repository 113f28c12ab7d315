"""Conversations with an answer ready to leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from apps.access import Actor, Purpose, Rights, Role
from apps.accounts.models import User
from apps.common.ids import uuid7
from apps.files import services as files
from apps.files.models import StoredFile
from apps.mss.bodies import Bodies
from apps.mss.models import Correspondent, Draft, DraftFile, Message, OutgoingMail, Thread
from apps.mss.services import answering
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, letter, receive

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def box(space: HealthSpace, address: str = SENDER, **values: Any) -> Correspondent:
    """A box that has written."""
    made = {"display_name": "Dr Karim Benali", "wrote_at": NOON, **values}
    return Correspondent.objects.create(space_id=space.id, address=address, **made)


def conversation(space: HealthSpace, *, number: str = "m1", sender: str = SENDER, **values: Any) -> Thread:
    """A conversation that a professional began."""
    messages = receive(letter(number=number, sender=sender, **values), space, sender=sender)
    message = next(each for each in messages if each.message_id == f"{number}@x.example")
    return Thread.objects.get(space_id=space.id, id=message.thread_id)


def draft(space: HealthSpace, *, by: User, thread: Thread | None = None, text: str = "Merci.", **values: Any) -> Draft:
    """A draft to the box that writes by default, or to `correspondent`."""
    to = values.pop("correspondent", None) or Correspondent.objects.filter(space_id=space.id, address=SENDER).first()
    assert to is not None
    row_id = uuid7()
    return Draft.objects.create(
        id=row_id, space_id=space.id, thread_id=thread.id if thread else None, correspondent_id=to.id,
        body_sealed=Bodies(space.id).seal(text, row_id=row_id), saved_by=by, saved_at=NOON, **values,
    )  # fmt: skip


def attached(
    row: Draft, *, data: bytes = PDF, name: str = "ordonnance.pdf", clean: bool = True, **values: Any
) -> DraftFile:
    """A file of the draft."""
    media_type = values.pop("media_type", "application/pdf")
    content = files.Content(data=data, media_type=media_type)
    file = files.store(space_id=row.space_id, content=content, at=NOON)
    if clean:
        judged(file)
    return DraftFile.objects.create(
        space_id=row.space_id, draft_id=row.id, name=name, media_type=media_type, size=len(data),
        vault_id=file.vault_id, file_id=file.id, **values,
    )  # fmt: skip


def judged(file: StoredFile, state: str = "clean") -> None:
    """As the antivirus leaves it."""
    StoredFile.objects.filter(pk=file.pk).update(state=state, scanner="test", scanned_at=NOON)


def holder(space: HealthSpace, *, at: datetime = NOON) -> Actor:
    """The holder, with an account."""
    user = User.objects.filter(identity=space.identity).first() or factories.user(person=space.identity)
    return factories.holder(space, at=at, user_id=user.pk)


def helper(space: HealthSpace, user: User, *, role: Role = Role.DELEGATE, **rights: Any) -> Actor:
    """A relative who acts for the holder."""
    until = NOON.replace(year=NOON.year + 1)
    return Actor(
        role=role, at=NOON, user_id=user.pk, space_id=space.id, purpose=Purpose.DELEGATION, level="eidas1",
        rights=Rights(space_open=True, rights_until=until, **rights),
    )  # fmt: skip


def answered(space: HealthSpace, *, text: str = "Merci.", at: datetime = NOON, to_all: bool = False) -> Message:
    """A message that waits in the queue, in a conversation of its own."""
    actor = holder(space)
    thread = conversation(space, number=uuid7().hex)
    row = draft(space, by=User.objects.get(pk=actor.user_id), thread=thread, text=text)
    return answering.send(actor=actor, draft_id=row.id, to_all=to_all, at=at)


def mails_of(message: Message) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(space_id=message.space_id, message_id=message.id).order_by("address"))
