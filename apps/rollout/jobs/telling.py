"""One notice to each reader of a person, by the way that the register has for them (SPA-02, SPA-40, SPA-50)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from apps.accounts.models import InsIdentity
from apps.rollout.jobs.readers import Reader, readers_of
from apps.rollout.models import EligiblePerson, Notice, Wave
from apps.rollout.writing import NewNotice, write_notice

_MAIL, _POST = Notice.Channel.MAIL, Notice.Channel.POST


def way_of(person: EligiblePerson) -> Notice.Channel:
    """By post for everybody, or by mail where a reader has one: as the wave of the person says."""
    return _POST if person.wave is not None and person.wave.channels == Wave.Channels.POST else _MAIL


def reached(person: EligiblePerson, *, at: datetime) -> list[Reader]:
    """The readers of a person who can be written to."""
    by_mail = way_of(person) == _MAIL
    return [reader for reader in readers_of([person.pk], at=at) if reader.has_street or (reader.mail and by_mail)]


def tell(*, person: EligiblePerson, readers: Iterable[Reader], new: NewNotice, at: datetime) -> None:
    """Write `new` to each of the readers; its channel is the way: by mail only where a reader has an address."""
    readers = list(readers)
    known = InsIdentity.objects.in_bulk([reader.reader_id for reader in readers if reader.reader_id is not None])
    for reader in readers:
        channel = _MAIL if reader.mail and new.channel == _MAIL else _POST
        identity = known[reader.reader_id] if reader.reader_id is not None else None
        write_notice(person=person, new=replace(new, channel=channel, reader=identity), at=at)
