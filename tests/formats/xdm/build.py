"""Packages of our own: well-formed ones from parts, and archives whose headers say whatever a test wants."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from html import escape

from tests.formats.small_cda import SmallCda, payload, pdf

FOLDER = "IHE_XDM/SUBSET01/"
METADATA = FOLDER + "METADATA.XML"
PATIENT = "279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH"
CONFIDENTIALITY = "f4f85eac-e6cb-4883-b524-f2705394840f"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
CDA = SmallCda(body=payload(pdf())).data()
CDA_ID = "1.2.250.1.999^A-1"


def quoted(value: str) -> str:
    return f'"{escape(value)}"'


def slot(name: str, *values: str) -> str:
    inner = "".join(f"<Value>{escape(value)}</Value>" for value in values)
    return f"<Slot name={quoted(name)}><ValueList>{inner}</ValueList></Slot>"


def label(element: str, value: str) -> str:
    return f"<{element}><LocalizedString value={quoted(value)}/></{element}>"


def code(scheme: str, value: str, system: str = "1.2.3", display: str = "x") -> str:
    return (
        f'<Classification classificationScheme="urn:uuid:{scheme}" nodeRepresentation={quoted(value)}>'
        f"{slot('codingScheme', system)}{label('Name', display)}</Classification>"
    )


def external(scheme: str, value: str) -> str:
    return f'<ExternalIdentifier identificationScheme="urn:uuid:{scheme}" value={quoted(value)}/>'


@dataclass(frozen=True, kw_only=True)
class Doc:
    """One document: its bytes and what METADATA.XML says of it."""

    data: bytes = CDA
    file: str = "DOC0001.XML"
    uri: str | None = None
    entry_id: str = "urn:uuid:00000000-0000-4000-8000-000000000001"
    unique_id: str | None = CDA_ID
    mime_type: str = "text/xml"
    status: str = APPROVED
    sha1: str | None = None
    size: str | None = None
    patient: str = PATIENT
    title: str = "Compte rendu"
    labels: tuple[str, ...] = ("N",)
    extra: str = ""

    def entry(self) -> str:
        sha1 = hashlib.sha1(self.data, usedforsecurity=False).hexdigest() if self.sha1 is None else self.sha1
        size = str(len(self.data)) if self.size is None else self.size
        slots = {"hash": sha1, "size": size, "URI": self.file if self.uri is None else self.uri}
        unique_id = external("2e82c1f6-a085-4c72-9da3-8640a32e42ab", self.unique_id) if self.unique_id else ""
        return (
            f'<ExtrinsicObject id="{self.entry_id}" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1" '
            f'mimeType="{self.mime_type}" status="{self.status}">'
            f"{slot('creationTime', '20260203101500')}{slot('sourcePatientId', self.patient)}"
            f"{''.join(slot(name, value) for name, value in slots.items() if value)}{label('Name', self.title)}"
            f"{''.join(code(CONFIDENTIALITY, item) for item in self.labels)}{self.extra}{unique_id}</ExtrinsicObject>"
        )


def submission(unique_id: str = "2.25.7") -> str:
    return (
        f'<RegistryPackage id="urn:uuid:set-{unique_id}">{slot("submissionTime", "20260203110000")}'
        f"{label('Name', 'Envoi')}"
        '<Classification classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'
        f"{external('96fdda7c-d067-4183-912e-bf5ee74998a8', unique_id)}</RegistryPackage>"
    )


def association(kind: str, source: str, target: str) -> str:
    return (
        f'<Association associationType="urn:ihe:iti:2007:AssociationType:{kind}" sourceObject="{source}" '
        f'targetObject="{target}"/>'
    )


def metadata(*docs: Doc, extra: str = "", deposit: str | None = None) -> bytes:
    inner = (submission() if deposit is None else deposit) + "".join(doc.entry() for doc in docs) + extra
    return (
        '<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0">'
        f'<RegistryObjectList xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">{inner}</RegistryObjectList>'
        "</lcm:SubmitObjectsRequest>"
    ).encode()


def files_of(*docs: Doc, extra: str = "") -> list[tuple[str, bytes]]:
    """INDEX.HTM, README.TXT, METADATA.XML and the documents."""
    return [
        ("INDEX.HTM", b"<html/>"),
        ("README.TXT", b"lisez-moi"),
        (METADATA, metadata(*docs, extra=extra)),
        *((FOLDER + doc.file, doc.data) for doc in docs),
    ]


def pack(files: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def package(*docs: Doc, extra: str = "") -> bytes:
    return pack(files_of(*(docs or (Doc(),)), extra=extra))


@dataclass(frozen=True, kw_only=True)
class RawFile:
    """A file of a hand-made archive; what is None is told truly."""

    name: bytes
    data: bytes = b""
    flags: int = 0
    method: int = 8
    size: int | None = None
    packed_size: int | None = None
    crc: int | None = None
    local_name: bytes | None = None
    mode: int = 0o100644
    at: int | None = None  # offset that the directory gives instead of the true one
    extra: bytes = b""

    def packed(self) -> bytes:
        if self.method != 8:
            return self.data
        press = zlib.compressobj(9, zlib.DEFLATED, -15)
        return press.compress(self.data) + press.flush()

    def fields(self) -> tuple[int, int, int]:
        packed = len(self.packed()) if self.packed_size is None else self.packed_size
        size = len(self.data) if self.size is None else self.size
        return (zlib.crc32(self.data) if self.crc is None else self.crc, packed, size)


def raw_archive(*files: RawFile, count: int | None = None, tail: bytes = b"") -> bytes:
    """Local headers, directory and end record as the files say."""
    body, directory = b"", b""
    for file in files:
        offset = len(body) if file.at is None else file.at
        local = file.name if file.local_name is None else file.local_name
        head = struct.pack("<HHHHHLLL", 20, file.flags, file.method, 0, 33, *file.fields())
        body += b"PK\x03\x04" + head + struct.pack("<HH", len(local), 0) + local + file.packed()
        directory += b"PK\x01\x02" + struct.pack("<BB", 20, 3) + head
        directory += struct.pack("<HHHHHLL", len(file.name), len(file.extra), 0, 0, 0, file.mode << 16, offset)
        directory += file.name + file.extra
    number = len(files) if count is None else count
    end = struct.pack("<HHHHLLH", 0, 0, number, number, len(directory), len(body), 0)
    return body + directory + tail + b"PK\x05\x06" + end
