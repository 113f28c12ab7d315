"""An IHE_XDM.ZIP around one report (IHE ITI TF-2 3.32); the same report gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from html import escape
from string import Template
from uuid import NAMESPACE_URL, uuid5

from simulators.mssante_operator.samples.laboratory import HERE, Report, oid

NAME = "IHE_XDM.ZIP"
INVISIBLE = "INVISIBLE_PATIENT"
HIDDEN = "MASQUE_PS"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
STAMP = (1980, 1, 1, 0, 0, 0)
README = b"Emetteur : operateur MSSante de demonstration. Archive conforme au profil IHE XDM.\r\n"
INDEX = (
    b'<!DOCTYPE html>\n<html lang="fr"><title>IHE_XDM</title>'
    b'<p><a href="IHE_XDM/SUBSET01/DOC0001.XML">DOC0001</a></p></html>\n'
)
LABEL = (
    '<Classification id="d8" classificationScheme="urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f" '
    'classifiedObject="{entry_id}" nodeRepresentation="{label}"><Slot name="codingScheme"><ValueList>'
    '<Value>1.2.250.1.213.1.1.4.13</Value></ValueList></Slot><Name><LocalizedString value="{label}"/></Name>'
    "</Classification>\n"
)
REPLACEMENT = (
    '<Association id="rp1" associationType="urn:ihe:iti:2007:AssociationType:RPLC" sourceObject="{entry_id}" '
    'targetObject="{before}"/>\n'
)


def write_package(report: Report, *, label: str = "", is_withdrawal: bool = False) -> bytes:
    """`label` is a visibility beside « Normal »; a withdrawal asks to take the document back (MSS-52)."""
    document = report.cda()
    status = DELETED if is_withdrawal else APPROVED
    files = {
        "INDEX.HTM": INDEX,
        "README.TXT": README,
        "IHE_XDM/SUBSET01/METADATA.XML": _metadata(report, document, label=label, status=status),
        "IHE_XDM/SUBSET01/DOC0001.XML": document,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), data, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _metadata(report: Report, document: bytes, *, label: str, status: str) -> bytes:
    one, before = report.patient, report.before
    entry_id, name = report.entry_id, f"{report.entry_id}/{status}"
    relation = REPLACEMENT.format(entry_id=entry_id, before=before.entry_id) if before else ""
    values = {
        "set_entry": f"urn:uuid:{uuid5(NAMESPACE_URL, name)}", "set_id": oid(name), "entry_id": entry_id,
        "unique_id": report.unique_id, "title": escape(report.title), "day": f"{report.day:%Y%m%d}", "status": status,
        "sha1": hashlib.sha1(document, usedforsecurity=False).hexdigest(), "size": str(len(document)),
        "patient": escape(f"{one.number}^^^&{one.authority}&ISO^NH"), "family": escape(one.family),
        "given": escape(one.given), "born": escape(one.born), "sex": escape(one.sex),
        "label": LABEL.format(entry_id=entry_id, label=label) if label else "", "relation": relation,
    }  # fmt: skip
    text = (HERE / "metadata.xml").read_text(encoding="utf-8")
    return Template(text).substitute(values).encode()
