"""Files of a message that is sent: those of people as they are, clinical documents in a package (MSS-57, MSS-58)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from uuid import UUID

from django.conf import settings

from apps.accounts.models import InsIdentity
from apps.files.derived import read_derived
from apps.files.gateways.base import StoreUnavailableError
from apps.files.models import StoredFile
from apps.files.services import FileGoneError
from apps.formats import media
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.reader import read_cda
from apps.formats.cda.times import CdaTime
from apps.formats.errors import UnreadableInputError
from apps.formats.mail.names import clean_name
from apps.formats.mail.writing import FileToWrite
from apps.formats.xdm.contents import package_document
from apps.formats.xdm.faults import PackageError
from apps.formats.xdm.from_cda import entry_of_cda
from apps.formats.xdm.model import PackagedDocument, PatientNumber, SubmissionSet, Visibility
from apps.formats.xdm.writing import write_package
from apps.mss.mails.errors import Lack, NotReadyError, UnsendableError
from apps.mss.models import Attachment, Message

PACKAGE_NAME = "IHE_XDM.ZIP"
_ZIP = "application/zip"
_CODES = 120  # characters of X-MSS-CODECDA
_State = StoredFile.State
_SOURCE = UUID("6d737300-0000-4000-8000-656e73706f72").int  # sourceId of our packages under 2.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What hangs on a mail; `codes` of the clinical documents in its package, none without one (MSS-33)."""

    files: tuple[FileToWrite, ...] = field(default=(), repr=False)
    codes: tuple[str, ...] = ()
    has_package: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clinical:
    document: PackagedDocument
    cda: CdaDocument
    name: str = field(repr=False)


def contents_of(message: Message, identity: InsIdentity) -> Contents:
    """Read what hangs on a message. Raises `NotReadyError`, `UnsendableError`."""
    plain: list[FileToWrite] = []
    clinical: list[_Clinical] = []
    rows = Attachment.objects.filter(space_id=message.space_id, message_id=message.id).order_by("position")
    for row, data in _bytes_of(list(rows)):
        found = _clinical(row, data) if row.document_id is not None else None
        if found is None:
            plain.append(_file(row.name, data))
        else:
            clinical.append(found)
    if not clinical:
        return Contents(files=tuple(plain))
    package = FileToWrite(name=PACKAGE_NAME, media_type=_ZIP, data=_package(clinical, message, identity))
    files = (package, *_copies(clinical), *plain)
    return Contents(files=files, codes=tuple(_codes(clinical)), has_package=True)


def _bytes_of(rows: list[Attachment]) -> Iterator[tuple[Attachment, bytes]]:
    """Bytes that the antivirus has found clean, and no others (MSS-58)."""
    keys = [row.file_id for row in rows if row.file_id is not None]
    files = {file.id: file for file in StoredFile.objects.filter(id__in=keys).select_related("vault")}
    for row in rows:
        file = files.get(row.file_id) if row.file_id is not None else None
        if file is None:
            raise UnsendableError(Lack.FILE_LOST)
        _require_clean(file)
        try:
            yield row, read_derived(file)
        except StoreUnavailableError as error:
            raise NotReadyError(Lack.STORE_AWAY) from error
        except FileGoneError as error:
            raise UnsendableError(Lack.FILE_LOST) from error


def _require_clean(file: StoredFile) -> None:
    if file.state == _State.CLEAN:
        return
    if file.state == _State.WAITING:
        raise NotReadyError(Lack.FILE_WAITING)
    raise UnsendableError(Lack.FILE_UNCHECKED if file.state == _State.PARKED else Lack.VIRUS)


def _file(name: str, data: bytes) -> FileToWrite:
    return FileToWrite(name=clean_name(name) or "document", media_type=media.sniff(data), data=data)


def _clinical(row: Attachment, data: bytes) -> _Clinical | None:
    """A document of the record that is a CDA; anything else goes as the file that it is."""
    if media.sniff(data) != media.XML:
        return None
    try:
        cda = read_cda(data)
    except UnreadableInputError:
        return None
    labels = [label for label in Visibility if label.value in row.labels]
    entry = entry_of_cda(cda, data, entry_id=f"urn:uuid:{row.id}", visibilities=labels)
    return _Clinical(document=package_document(entry, data), cda=cda, name=row.title or row.name)


def _package(clinical: list[_Clinical], message: Message, identity: InsIdentity) -> bytes:
    number = identity.number
    submission = SubmissionSet(
        entry_id=f"urn:uuid:{message.id}",
        unique_id=f"2.25.{message.id.int}",
        source_id=f"2.25.{_SOURCE}",
        patient=PatientNumber(number=number.full, authority=number.authority.value),
        submitted=CdaTime.parse(message.received_at.astimezone(UTC).strftime("%Y%m%d%H%M%S")),
    )
    try:
        return write_package(
            [each.document for each in clinical], submission=submission, sender=settings.MSS_PATIENT_DOMAIN
        )
    except PackageError as error:
        raise UnsendableError(Lack.PACKAGE) from error


def _copies(clinical: Iterable[_Clinical]) -> Iterator[FileToWrite]:
    """The file inside an envelope once more beside the package, for people whose software opens none (MSS-50)."""
    for each in clinical:
        payload = each.cda.payload
        if payload is not None and payload.data and payload.served_type == media.PDF:
            name = clean_name(f"{each.name.removesuffix('.xml')}.pdf") or "document.pdf"
            yield FileToWrite(name=name, media_type=media.PDF, data=payload.data)


def _codes(clinical: Iterable[_Clinical]) -> Iterator[str]:
    """CDA codes, each once, as many as the field holds."""
    room = _CODES
    for code in dict.fromkeys(each.cda.code.code for each in clinical if each.cda.code and each.cda.code.code):
        room -= len(code) + 1
        if room >= 0 and code.isascii() and code.isprintable() and " " not in code:
            yield code
