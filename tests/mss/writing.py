"""People, boxes and drafts for the tests of writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.access import Actor, Rights, Role, Section
from apps.accounts.models import User
from apps.common.ids import uuid7
from apps.files.gateways.base import Verdict
from apps.files.jobs import scanning
from apps.files.models import StoredFile
from apps.mss.models import Correspondent, Draft, DraftFile, Thread
from apps.mss.services import drafting
from apps.mss.services.attachable import Upload
from apps.mss.services.drafting import Place, Words
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


class Judge:
    """A scanner that says of every file what it was made with."""

    simulated = True

    def __init__(self, *, infected: bool = False) -> None:
        self.infected = infected

    def scan(self, _content: bytes) -> Verdict:
        return Verdict(infected=self.infected, engine="scripted", finding="Worm" if self.infected else "")


def writer(space: HealthSpace, *, at: datetime = NOON) -> Actor:
    """The holder, with an account."""
    user = User.objects.filter(identity=space.identity).first() or factories.user(person=space.identity)
    return replace(factories.holder(space, at=at), user_id=user.pk)


def helper(space: HealthSpace, *, manages: bool = True) -> Actor:
    """A delegate who may read the mailbox, or read and write."""
    sections = frozenset({Section.MESSAGES})
    rights = Rights(
        space_open=True,
        rights_until=datetime.max.replace(tzinfo=NOON.tzinfo),
        readable=sections,
        manageable=sections if manages else frozenset(),
    )
    return Actor(role=Role.DELEGATE, at=NOON, user_id=factories.user().pk, space_id=space.id, rights=rights)


def conversation(space: HealthSpace, **values: Any) -> Thread:
    """One message of Dr Benali in a conversation of its own."""
    number = uuid7().hex
    messages = receive(letter(**{"number": number, **values}), space)
    thread_id = next(each.thread_id for each in messages if each.message_id == f"{number}@x.example")
    return Thread.objects.get(space_id=space.id, id=thread_id)


def box_in(thread: Thread) -> Correspondent:
    return Correspondent.objects.filter(space_id=thread.space_id, messages__thread_id=thread.id).order_by("id")[0]


def place_of(thread: Thread) -> Place:
    return Place(correspondent_id=box_in(thread).id, thread_id=thread.id)


def words(text: str = "Bonjour docteur.", **values: Any) -> Words:
    return Words(**{"draft_id": uuid7(), "text": text, **values})


def draft_in(thread: Thread, *, actor: Actor | None = None, at: datetime = NOON, **values: Any) -> Draft:
    by = actor or writer(HealthSpace.objects.get(pk=thread.space_id))
    return drafting.save(actor=by, place=place_of(thread), words=words(**values), at=at)


def attach(draft: Draft, *, name: str = "photo.jpg", data: bytes = JPEG, judged: Judge | None = None) -> DraftFile:
    """A file of the device; checked when there is a judge."""
    by = writer(HealthSpace.objects.get(pk=draft.space_id))
    row = drafting.add_file(actor=by, draft_id=draft.id, upload=Upload(name=name, data=data), at=NOON)
    if judged is not None:
        scanning.scan(vault_id=row.vault_id, file_id=row.file_id, scanner=judged, at=NOON)
    return row


def file_of(row: DraftFile) -> StoredFile:
    return StoredFile.objects.get(pk=(row.vault_id, row.file_id))


def new_id() -> UUID:
    return uuid7()
