"""Packages of IHE XDM in a message: one document for each CDA, and why some are held (MSS-50 to MSS-53).

A document is held when its bytes are not those that the package tells of (DMP-28), when it is not about the holder of
the space (DMP-27, DMP-83), and when its producer hides it from the patient, to whom it must never come (MSS-53).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import structlog

from apps.accounts.models import InsIdentity
from apps.accounts.patients import IdentityFault, identity_fault, is_number_of
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.reader import read_cda
from apps.formats.errors import UnreadableInputError
from apps.formats.mail.model import Part
from apps.formats.xdm.faults import BLOCKING, DocumentFault, PackageError, PackageErrorCode
from apps.formats.xdm.model import DocumentEntry, Package, PackagedDocument, Status
from apps.formats.xdm.reading import read_package
from apps.formats.xdm.twins import digests_inside
from apps.mss.querysets import INVISIBLE

logger = structlog.get_logger(__name__)

# What is beside such a document may well say the same: it is held too.
SPREADING = frozenset({INVISIBLE, DocumentFault.OTHER_PATIENT.value, *(fault.value for fault in IdentityFault)})
_ZIP = b"PK"
_NAME = "ihe_xdm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A printable copy inside the package."""

    name: str = field(repr=False)
    data: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One document. `columns` of its row, `twins`: SHA-256 of the files inside it, `copies` that the package has."""

    name: str = field(repr=False)
    data: bytes | None = field(repr=False)
    columns: dict[str, Any] = field(repr=False)
    twins: frozenset[str] = frozenset()
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A package. `reasons`: why something of it is held, in the order of its documents; then the archive is too."""

    documents: tuple[Found, ...] = ()
    reasons: tuple[str, ...] = ()


def open_package(*, part: Part, identity: InsIdentity) -> Opened | None:
    """What a part of a message holds, if it is a package; one by its name that cannot be read is held (MSS-71).

    One without metadata is an archive like any other: it says nothing that could be wrong (S09).
    """
    is_named = is_package_name(part.name)
    if not part.data.startswith(_ZIP) and not is_named:
        return None
    try:
        return _opened(read_package(part.data), identity)
    except PackageError as error:
        is_plain = not is_named or error.code == PackageErrorCode.NO_METADATA
        return None if is_plain else _unreadable(str(error.code))


def one_too_many(part: Part) -> Opened | None:
    """What may be a package behind the largest number of a message: held, for nobody knows what is in it (MSS-53)."""
    if part.data.startswith(_ZIP) or is_package_name(part.name):
        return _unreadable("too-many")
    return None


def _unreadable(code: str) -> Opened:
    logger.error("mailbox_package_held", reason=code)
    return Opened(reasons=(f"package-{code}"[:40],))


def _opened(package: Package, identity: InsIdentity) -> Opened:
    copies = {id(package.twin_of(document)) for document in package.documents}
    found = [_found(package, each, identity) for each in package.documents if id(each) not in copies]
    reasons = tuple(each.columns["held"] for each in found if each.columns["held"])
    for reason in reasons:
        logger.error("mailbox_document_held", reason=reason)
    return Opened(documents=tuple(found), reasons=reasons)


def is_package_name(name: str) -> bool:
    """Whether a file is called as packages are."""
    return name.lower().startswith(_NAME)


def _found(package: Package, document: PackagedDocument, identity: InsIdentity) -> Found:
    cda = _read(document)
    entry = document.entry
    columns = {
        "title": ((entry.title or (cda.title if cda else None)) or "")[:250],
        "type_code": ((entry.type_code.code if entry.type_code else None) or "")[:32],
        "author_name": _author(entry, cda)[:200],
        "dated": _dated(entry, cda)[:40],
        "unique_id": (document.unique_id or "")[:160],
        "sha1": document.sha1 or "",
        "labels": sorted(label.value for label in entry.visibilities),
        "replaces": _replaces(document)[:160],
        "is_withdrawal": entry.status is Status.DELETED,
        "declared_type": entry.mime_type[:120],
        "held": _held(document, cda, identity),
    }
    twin = package.twin_of(document)
    copies = () if twin is None else (Copy(name=twin.name or "", data=twin.data),)
    inside = digests_inside(document.data) if document.data else frozenset()
    return Found(name=document.name or "", data=document.data, columns=columns, twins=inside, copies=copies)


def _held(document: PackagedDocument, cda: CdaDocument | None, identity: InsIdentity) -> str:
    if document.entry.is_concealed:
        return INVISIBLE
    blocking = next((fault.value for fault in document.faults if fault in BLOCKING), "")
    if blocking:
        return blocking
    if cda is not None:
        fault = identity_fault(patient=cda.patient, identity=identity)
        return fault.value if fault else ""
    return "" if _is_about(document.entry, identity) else IdentityFault.INS_DIFFERS.value


def _is_about(entry: DocumentEntry, identity: InsIdentity) -> bool:
    """A file without a header of its own is about whom the metadata names; without a number, about nobody known."""
    numbers = [each for each in entry.patients if each.is_ins]
    return bool(numbers) and all(
        is_number_of(root=each.authority, extension=each.number, identity=identity) for each in numbers
    )


def _read(document: PackagedDocument) -> CdaDocument | None:
    if document.cda is None or document.data is None:
        return None
    try:
        return read_cda(document.data)
    except UnreadableInputError:
        return None


def _replaces(document: PackagedDocument) -> str:
    """uniqueId of what it replaces, as the CDA says: nothing of METADATA.XML is a request of an author (MSS-52)."""
    return next(iter(document.cda.replaces), "") if document.cda is not None else ""


def _author(entry: DocumentEntry, cda: CdaDocument | None) -> str:
    for author in cda.authors if cda else ():
        if author.party.name is not None:
            return author.party.name.professional_display
    person = next((each.person for each in entry.authors if each.person), None)
    return " ".join(part for part in (person.given, person.family) if part) if person else ""


def _dated(entry: DocumentEntry, cda: CdaDocument | None) -> str:
    time = entry.act_started or entry.created or (cda.effective_time if cda else None)
    return time.iso() if time else ""
