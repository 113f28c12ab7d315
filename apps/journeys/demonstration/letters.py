"""Secure messages that came before the country is looked at: the letters of data/letters.toml, filed as any other."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from apps.common.dates import PARIS
from apps.common.ids import uuid7
from apps.files import jobs as files
from apps.files.gateways.base import scanner
from apps.formats.cda.reader import read_cda
from apps.formats.cda.times import CdaTime
from apps.formats.mail.digest import digest
from apps.formats.mail.model import Mailbox
from apps.formats.mail.writing import FileToWrite, MailToWrite, write_mail
from apps.formats.xdm.contents import package_document
from apps.formats.xdm.from_cda import entry_of_cda
from apps.formats.xdm.model import SubmissionSet
from apps.formats.xdm.writing import write_package
from apps.journeys.demonstration.cast import DATA, member
from apps.journeys.demonstration.documents import build
from apps.journeys.demonstration.documents.catalogue import by_key
from apps.mss.jobs.filing import file_arrival
from apps.mss.models import Arrival, ArrivalAddress, Attachment, Message
from apps.mss.sealing import seal

SOFTWARE = "SIMULATEUR-MSS-1"
_DOMAIN = "pro.mssante.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLetter:
    """One letter of a box to a holder of the cast. `document` as `shift` days later; `answers` another letter's key."""

    key: str
    holder: str
    box: Mailbox
    at: datetime
    subject: str
    text: str
    answers: str
    document: str
    shift: int
    receipt: bool

    @property
    def message_id(self) -> str:
        return _id(self.key)


class CountryNotLoadedError(Exception):
    """A letter was not filed: a demonstration that fails must not look loaded."""


def letters(*, today: date, until: datetime) -> list[DemoLetter]:
    """Those that have come by `until`, oldest first."""
    found = [_letter(entry, today) for entry in _data()["letter"]]
    return sorted((one for one in found if one.at <= until), key=lambda one: one.at)


def deliver_letters(*, spaces: Mapping[str, UUID], today: date, until: datetime) -> int:
    """File the letters in the spaces of their holders, each at its own hour; returns their number.

    Raises `CountryNotLoadedError`.
    """
    found = letters(today=today, until=until)
    for one in found:
        arrival = _arrive(one, write_letter(one, today=today), spaces[one.holder])
        if file_arrival(arrival_id=arrival.id, at=one.at) != Arrival.State.FILED:
            raise CountryNotLoadedError(one.key)
    _scan(spaces, until)
    return len(found)


def write_letter(one: DemoLetter, *, today: date) -> bytes:
    """The mail as it travels; the same letter and day give the same bytes."""
    address = f"{member(one.holder, today=today).ins}@{settings.MSS_PATIENT_DOMAIN}"
    package = _package(one, today) if one.document else ()
    mail = MailToWrite(
        message_id=one.message_id, sender=one.box, to=(Mailbox(address=address),), subject=one.subject, text=one.text,
        written_at=one.at, answers=_id(one.answers) if one.answers else "",
        references=(_id(one.answers),) if one.answers else (), files=package, software=SOFTWARE,
        document_codes=(by_key(one.document).code,) if one.document else (),
        ins_is_qualified=True if one.document else None,
    )  # fmt: skip
    data = write_mail(mail)
    return f"Disposition-Notification-To: {one.box.address}\r\n".encode() + data if one.receipt else data


def _package(one: DemoLetter, today: date) -> tuple[FileToWrite, ...]:
    """The document in an IHE_XDM.ZIP, as the software of a laboratory sends it (MSS-50)."""
    data = build(by_key(one.document), today=today + timedelta(days=one.shift))
    entry = entry_of_cda(read_cda(data), data, entry_id=f"urn:uuid:{_uuid(f'{one.key}/entry')}")
    submission = SubmissionSet(
        entry_id=f"urn:uuid:{_uuid(f'{one.key}/set')}", unique_id=f"2.25.{_uuid(f'{one.key}/{today}').int}",
        source_id="2.25.1", patient=entry.patient, submitted=CdaTime.parse(f"{one.at:%Y%m%d}"), title=entry.title,
    )  # fmt: skip
    archive = write_package((package_document(entry, data),), submission=submission, sender=one.box.name)
    return (FileToWrite(name="IHE_XDM.ZIP", media_type="application/zip", data=archive),)


def _arrive(one: DemoLetter, data: bytes, space_id: UUID) -> Arrival:
    """What the door commits before it says that it has the mail."""
    row_id = uuid7()
    arrival = Arrival.objects.create(
        id=row_id, received_at=one.at, sender=one.box.address, size=len(data), digest=digest(data).hex(),
        sealed=seal(data, row_id=row_id), due_at=one.at,
    )  # fmt: skip
    ArrivalAddress.objects.create(arrival=arrival, space_id=space_id)
    return arrival


def _scan(spaces: Mapping[str, UUID], at: datetime) -> None:
    """Raw messages and what they bring, as the workers would look at them."""
    for model in (Message, Attachment):
        rows = model.objects.filter(space_id__in=spaces.values(), file_id__isnull=False).order_by("id")
        for vault_id, file_id in rows.values_list("vault_id", "file_id"):
            if vault_id and file_id:
                files.scan(vault_id=vault_id, file_id=file_id, scanner=scanner(), at=at)


def _letter(entry: Mapping[str, Any], today: date) -> DemoLetter:
    name, address = _data()["boxes"][entry["box"]]
    day = today + timedelta(days=entry["day"])
    return DemoLetter(
        key=entry["key"],
        holder=entry["holder"],
        box=Mailbox(name=name, address=address),
        at=datetime.combine(day, time.fromisoformat(entry["hour"]), PARIS),
        subject=entry["subject"],
        text=entry.get("text", "").strip(),
        answers=entry.get("answers", ""),
        document=entry.get("document", ""),
        shift=entry.get("shift", 0),
        receipt=entry.get("receipt", False),
    )


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((DATA / "letters.toml").read_text(encoding="utf-8"))


def _id(key: str) -> str:
    return f"{_uuid(key)}@{_DOMAIN}"


def _uuid(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:demonstration:letter:{name}")
