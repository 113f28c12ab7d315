"""What comes with a message becomes rows and files of the space's vault (MSS-50 to MSS-53, MSS-58).

Every byte goes through the antivirus before anybody reads it (SEC-11, REL-13).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.files import services as files
from apps.files.models import Vault
from apps.formats import media
from apps.formats.mail.model import Part, PartKind, ReadMail
from apps.mss import events
from apps.mss.jobs.packages import SPREADING, Opened, is_package_name, one_too_many, open_package
from apps.mss.models import Attachment
from apps.mss.querysets import INVISIBLE, OF_THE_MINOR
from apps.spaces.models import HealthSpace

MOST_PACKAGES = 5  # opened in one message; more are held
_RAW_NAME = "message.eml"
_SHOWN = frozenset({media.PDF, media.JPEG, media.PNG, media.TIFF, media.RTF, media.TEXT})
_Kind = Attachment.Kind
_KINDS = {
    PartKind.MESSAGE: _Kind.MESSAGE,
    PartKind.SIGNATURE: _Kind.PART,
    PartKind.SIGNED: _Kind.PART,
    PartKind.ENCRYPTED: _Kind.PART,
    PartKind.REPORT: _Kind.PART,
}


@dataclass(kw_only=True)
class Shelf:
    """Where the attachments of one message go, each at the next place. `is_shown`: some of them stand on its page."""

    space: HealthSpace
    vault: Vault
    message_id: UUID
    at: datetime
    count: int = 0
    is_shown: bool = False

    def put(self, *, kind: Attachment.Kind, name: str, data: bytes | None, **columns: Any) -> Attachment:  # noqa: ANN401  columns of the model
        """One row, with its bytes in the vault where there are any."""
        media_type = media.sniff(data) if data is not None else media.UNKNOWN
        row = Attachment(
            space_id=self.space.id, message_id=self.message_id, position=self.count, kind=kind, name=name[:255],
            size=len(data or b""), media_type=columns.pop("media_type", media_type), **columns,
        )  # fmt: skip
        if data is not None:
            content = files.Content(data=data, media_type=row.media_type)
            file = files.store_in(vault=self.vault, content=content, at=self.at)
            row.vault_id, row.file_id = file.vault_id, file.id
        row.save(force_insert=True)
        self.count += 1
        self.is_shown = self.is_shown or not (row.held or row.parent_id)
        return row

    def put_raw(self, data: bytes, *, held: str) -> None:
        """The whole message, kept from its reader because a part of it is."""
        self.put(kind=_Kind.PART, name=_RAW_NAME, data=data, media_type="message/rfc822", held=held)


@dataclass(kw_only=True)
class Attached:
    """What became of all parts. `held`: why something of the message is kept from its reader, empty when nothing is."""

    shelf: Shelf
    held: str
    words: list[str] = field(default_factory=list)  # that a search finds


def attach(*, shelf: Shelf, mail: ReadMail) -> Attached:
    """File every part of a message, those of forwarded messages too, once and below the message they came in (S16)."""
    parts = list(_all_parts(mail))
    opened = {id(part): package for part, package in _packages(parts, shelf.space)}
    reasons = [reason for package in opened.values() for reason in package.reasons]
    held = INVISIBLE if INVISIBLE in reasons else next(iter(reasons), "")
    spread = next((reason for reason in (held, *reasons) if reason in SPREADING), "")
    attached = Attached(shelf=shelf, held=held)
    _put_parts(attached, mail.parts, opened, parent_id=None, spread=spread)
    if any(OF_THE_MINOR in document.columns["labels"] for each in opened.values() for document in each.documents):
        attached.words = []  # a search is the same for everybody (ACC-33)
    return attached


def _all_parts(mail: ReadMail) -> Iterator[Part]:
    for part in mail.parts:
        yield part
        if part.mail is not None:
            yield from _all_parts(part.mail)


def _packages(parts: Sequence[Part], space: HealthSpace) -> Iterator[tuple[Part, Opened]]:
    count = 0
    for part in parts:
        package = open_package(part=part, identity=space.identity) if count < MOST_PACKAGES else one_too_many(part)
        if package is not None:
            count += 1
            yield part, package


def _put_parts(
    attached: Attached, parts: Sequence[Part], opened: dict[int, Opened], *, parent_id: UUID | None, spread: str
) -> None:
    """Packages first, so that the printable copies beside them are known for what they are (MSS-50)."""
    twins: dict[str, UUID] = {}
    for part in parts:
        package = opened.get(id(part))
        if package is not None:
            twins |= _put_package(attached, part, package, parent_id)
    for part in parts:
        if id(part) not in opened:
            _put_part(attached, part, opened, parent_id=parent_id, twins=twins, spread=spread)


def _put_package(attached: Attached, part: Part, package: Opened, parent_id: UUID | None) -> dict[str, UUID]:
    """The archive behind a detail, and one row for each document; SHA-256 of what is a copy of one of them."""
    shelf = attached.shelf
    twins: dict[str, UUID] = {}
    held = INVISIBLE if INVISIBLE in package.reasons else next(iter(package.reasons), "")
    archive = shelf.put(
        kind=_Kind.PACKAGE, name=part.name, data=part.data, media_type="application/zip",
        declared_type=part.declared_type[:120], parent_id=parent_id, held=held, refused="archive",
    )  # fmt: skip
    for document in package.documents:
        row = shelf.put(
            kind=_Kind.DOCUMENT, name=document.name, data=document.data, parent_id=archive.id,
            refused=_refused(media.PDF, len(document.data or b"")), **document.columns,
        )  # fmt: skip
        twins |= dict.fromkeys(document.twins, row.id)
        if not row.held:
            attached.words += [row.title, row.author_name]
            if row.is_withdrawal or row.replaces:
                events.tell_of_request(space_id=row.space_id, attachment_id=row.id)
        for copy in document.copies:
            shelf.put(kind=_Kind.TWIN, name=copy.name, data=copy.data, parent_id=row.id, held=row.held)
    return twins


def _put_part(
    attached: Attached, part: Part, opened: dict[int, Opened], *, parent_id: UUID | None, twins: dict[str, UUID],
    spread: str,
) -> None:  # fmt: skip
    kind, parent = _KINDS.get(part.kind, _Kind.FILE), parent_id
    document_id = twins.get(hashlib.sha256(part.data).hexdigest()) if twins else None
    if document_id is not None:
        kind, parent = _Kind.TWIN, document_id
    media_type = "message/rfc822" if kind is _Kind.MESSAGE else media.sniff(part.data)
    row = attached.shelf.put(
        kind=kind, name=part.name, data=part.data, media_type=media_type, declared_type=part.declared_type[:120],
        parent_id=parent, held=spread, refused=_refused(media_type, len(part.data), part.name),
    )  # fmt: skip
    if not spread:
        attached.words.append(part.name)
    if part.mail is not None:
        attached.words += [] if spread else [part.mail.subject]
        _put_parts(attached, part.mail.parts, opened, parent_id=row.id, spread=spread)


def _refused(media_type: str, size: int, name: str = "") -> str:
    """Why the record does not take the file, as a code (MSS-55); a package that says nothing of its files (S09)."""
    if media_type not in _SHOWN:
        return "metadata" if is_package_name(name) else "type"
    return "size" if size > settings.DMP_MAX_DOCUMENT_BYTES else ""
