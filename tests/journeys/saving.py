"""Messages with files and documents, checked by the antivirus, for tests of what enters the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from apps.access import Actor, Rights, Role, Section
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scanning
from apps.journeys.services.saving import Answers
from apps.mss.models import Attachment
from apps.spaces.models import HealthSpace
from tests import factories
from tests.dmp.cda import Cda
from tests.formats.xdm.build import Doc, package
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, receive
from tests.mss.test_attaching import mixed
from tests.mss.writing import writer

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def clinical(
    space: HealthSpace, *, number: str = "m1", scanned: bool = True, sender: str = SENDER, **values: Any
) -> Attachment:
    """A laboratory result in a package about the holder: its row. Values of `Cda`, of `Doc` the rest."""
    names = ("unique_id", "set_id", "replaces", "version", "author_id", "organisation_id", "title")
    cda = Cda(patient=space.identity, **{name: values.pop(name) for name in names if name in values})
    person = space.identity
    patient = f"{person.ins_number}{person.ins_key}^^^&{person.authority}&ISO^NH"
    doc = Doc(data=cda.data(), unique_id=cda.unique_id, **{"patient": patient, **values})
    data = mixed(("IHE_XDM.ZIP", "application/zip", package(doc)), number=number)
    receive(data.replace(SENDER.encode(), sender.encode()), space, sender=sender)
    return _row(space, number, kind="document", scanned=scanned)


def plain(
    space: HealthSpace, *, name: str = "ordonnance.pdf", data: bytes = PDF, number: str = "m1", scanned: bool = True
) -> Attachment:
    """A file of a message."""
    receive(mixed((name, "application/octet-stream", data), number=number), space)
    return _row(space, number, kind="file", scanned=scanned)


def scan_all(space: HealthSpace) -> None:
    """As after the queue of the antivirus has run."""
    for row in Attachment.objects.filter(space_id=space.id, file_id__isnull=False).order_by("id"):
        _scan(row)


def answers(**values: Any) -> Answers:
    return Answers(**{"hidden": False, "title": "Ordonnance", "dated": NOON.date(), "category": "ORD_SOIN", **values})


def holder(space: HealthSpace, *, at: datetime = NOON) -> Actor:
    return writer(space, at=at)


def helper(space: HealthSpace, *reads: Section, manages: tuple[Section, ...] = ()) -> Actor:
    """A delegate with these sections."""
    rights = Rights(
        space_open=True,
        rights_until=datetime.max.replace(tzinfo=NOON.tzinfo),
        readable=frozenset({*reads, *manages}),
        manageable=frozenset(manages),
    )
    return Actor(role=Role.DELEGATE, at=NOON, user_id=factories.user().pk, space_id=space.id, rights=rights)


def as_representative(actor: Actor) -> Actor:
    until = datetime.max.replace(tzinfo=NOON.tzinfo)
    everything = frozenset(Section)
    rights = Rights(space_open=True, rights_until=until, readable=everything, manageable=everything)
    return replace(actor, role=Role.REPRESENTATIVE, rights=rights)


def fresh(row: Attachment) -> Attachment:
    return Attachment.objects.get(pk=row.pk)


def _row(space: HealthSpace, number: str, *, kind: str, scanned: bool) -> Attachment:
    row = Attachment.objects.get(space_id=space.id, message__message_id=f"{number}@x.example", kind=kind)
    if scanned:
        _scan(row)
    return row


def _scan(row: Attachment) -> None:
    if row.vault_id is not None and row.file_id is not None:
        scanning.scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)
