"""Writing notices and their codes, inside the transaction of the event (REL-08, SEC-06)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from apps.accounts.models import InsIdentity
from apps.common.ids import uuid7
from apps.notifications.writing import new_message_id
from apps.rollout.codes import code_of, mac_of
from apps.rollout.models import EligiblePerson, Notice, NoticeCode


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """What is to be sent to whom. `reader`: None for the person themselves. `address`: another one than the register's.

    `facts`: ids and codes that the text needs.
    """

    kind: Notice.Kind
    key: str
    channel: Notice.Channel
    reader: InsIdentity | None = None
    code: NoticeCode | None = None
    address: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def write_notice(*, person: EligiblePerson, new: NewNotice, at: datetime) -> Notice:
    """The one notice of this person, key and reader, due at once; what is there already stays as it is."""
    is_mail = new.channel == Notice.Channel.MAIL
    notice, _made = Notice.objects.get_or_create(
        person=person,
        key=new.key,
        reader=new.reader,
        defaults={
            "wave_id": person.wave_id,
            "code": new.code,
            "kind": new.kind,
            "channel": new.channel,
            "address": new.address,
            "message_id": new_message_id() if is_mail else "",
            "prepared_at": at,
            "due_at": at,
            "facts": dict(new.facts),
        },
    )
    return notice


def new_code(*, person: EligiblePerson, at: datetime) -> NoticeCode:
    """A live code for somebody whose row the caller has locked; the one before dies at once (SEC-06)."""
    NoticeCode.objects.filter(person=person, ended_at=None).update(ended_at=at)
    return _code(person, issued_at=at, ended_at=None)


def sleeping_code(*, person: EligiblePerson, at: datetime) -> NoticeCode:
    """A code that serves from the sending of its notice on; until then the one before stays the live one (O-09)."""
    return _code(person, issued_at=at, ended_at=at)


def _code(person: EligiblePerson, *, issued_at: datetime, ended_at: datetime | None) -> NoticeCode:
    code_id = uuid7()
    return NoticeCode.objects.create(
        id=code_id, person=person, mac=mac_of(code_of(code_id)), issued_at=issued_at, ended_at=ended_at
    )
