"""Writing notices into their outbox, inside the transaction of the event (REL-08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from apps.accounts.models import InsIdentity
from apps.notifications.writing import new_message_id
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
