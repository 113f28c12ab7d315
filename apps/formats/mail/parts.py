"""What stands beside the text: files, messages in messages, what only another program opens (S14 to S16, S21)."""

from __future__ import annotations

from collections.abc import Callable

from apps.formats.mail.model import Fault, Part, PartKind, ReadMail
from apps.formats.mail.names import clean_name
from apps.formats.mail.reports import DELIVERY, QUOTED, READING
from apps.formats.mail.structure import MESSAGES, Entity, Ledger
from apps.formats.media import UNKNOWN

ReadInner = Callable[[bytes, Ledger], ReadMail]

_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_OUTLOOK = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_KINDS = {
    **dict.fromkeys(MESSAGES, PartKind.MESSAGE),
    **dict.fromkeys(DELIVERY | READING | QUOTED, PartKind.REPORT),
    **dict.fromkeys(_SIGNATURES, PartKind.SIGNATURE),
    **dict.fromkeys(_OUTLOOK, PartKind.OUTLOOK),
    "application/pgp-encrypted": PartKind.ENCRYPTED,
    "text/calendar": PartKind.CALENDAR,
}
_BY_ENDING = {".p7m": PartKind.ENCRYPTED, ".p7s": PartKind.SIGNATURE, "winmail.dat": PartKind.OUTLOOK}
# What this portal cannot open, and says so (MSS-39, S15).
_CLOSED = {PartKind.ENCRYPTED: Fault.ENCRYPTED, PartKind.OUTLOOK: Fault.OUTLOOK_CONTAINER}


def encrypted_entities(root: Entity) -> set[int]:
    """Ids of the leaves below a multipart/encrypted: their types say nothing."""
    if root.media_type == "multipart/encrypted":
        return {id(child) for child in root.children}
    return {found for child in root.children for found in encrypted_entities(child)}


def read_part(entity: Entity, ledger: Ledger, *, is_encrypted: bool, inner: ReadInner | None) -> Part:
    """One leaf. `inner` reads a message in the message, None beyond the depth."""
    own = ledger.page()
    written = entity.written_name()
    name = clean_name(written)
    if name != written.strip():
        own.blame(Fault.NAME_CHANGED)
    kind = PartKind.ENCRYPTED if is_encrypted else kind_of(entity, name)
    data = entity.content(own)
    if kind in _CLOSED:
        own.blame(_CLOSED[kind])
    if kind is PartKind.MESSAGE and inner is None:
        own.blame(Fault.TOO_DEEP)
    ledger.blame(*own.faults)
    return Part(
        name=name,
        declared_type=entity.media_type,
        data=data,
        kind=kind,
        is_inline=entity.disposition == "inline" or entity.headers.has("content-id"),
        faults=tuple(own.faults),
        mail=inner(data, ledger.page()) if kind is PartKind.MESSAGE and inner else None,
    )


def is_outlook_container(*, declared_type: str, name: str) -> bool:
    """Whether only Outlook opens a file that came so (S15)."""
    return _kind_by(declared_type, name) is PartKind.OUTLOOK


def kind_of(entity: Entity, name: str) -> PartKind:
    """What the part is to its reader, by what the sender declares: bytes are looked at where files are opened."""
    if entity.media_type in _SMIME:
        wrapped = entity.headers.parameter("content-type", "smime-type").lower()
        return PartKind.SIGNED if wrapped in {"signed-data", "certs-only"} else PartKind.ENCRYPTED
    return _kind_by(entity.media_type, name)


def _kind_by(declared_type: str, name: str) -> PartKind:
    if declared_type == UNKNOWN:
        return next((kind for end, kind in _BY_ENDING.items() if name.lower().endswith(end)), PartKind.FILE)
    return _KINDS.get(declared_type, PartKind.FILE)
