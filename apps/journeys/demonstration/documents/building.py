"""Builds the bytes of a document: header of the cast and the professionals, body of its builder."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date

from apps.journeys.demonstration.cast import member
from apps.journeys.demonstration.documents import headers, laboratory
from apps.journeys.demonstration.documents.catalogue import DemoDocument, by_key, texts
from apps.journeys.demonstration.documents.filling import body, fill, template
from apps.journeys.demonstration.documents.other_files import booklet, fax, letter
from apps.journeys.demonstration.documents.pdf import text_pdf
from apps.journeys.demonstration.documents.pictures import ankle_png, tracing_jpeg
from apps.journeys.demonstration.professionals import professional

Builder = Callable[[DemoDocument, date], str]


def build(document: DemoDocument, *, today: date) -> bytes:
    """The CDA file in UTF-8; the same document and day always give the same bytes.

    Every date in it is counted from `today`. The identifier, the set and the version follow DMP-01 and DMP-03.
    """
    values = _header(document, today) | {"body_xml": _BUILDERS[document.builder](document, today)}
    return fill(template("document.xml"), values).encode()


def _header(document: DemoDocument, today: date) -> dict[str, str]:
    author = professional(document.author)
    place = author.structures[0]
    service, service_label, service_system = document.service
    return {
        "templates_xml": "\n  ".join(f'<templateId root="{root}"/>' for root in document.templates),
        "id": document.unique_id(today),
        "set_id": document.set_id(today),
        "version": str(document.version),
        "code": document.code,
        "code_label": document.code_label,
        "title": document.title,
        "written": headers.timestamp(document.written_at(today)),
        "started": headers.timestamp(document.started_at(today)),
        "patient_xml": headers.patient(member(document.holder, today=today)),
        "author_xml": headers.professional(author),
        "performer_xml": headers.professional(author, with_setting=True),
        "organisation_xml": headers.organisation(place),
        "requester_xml": headers.requester(professional(document.requester)) if document.requester else "",
        "service": service,
        "service_label": service_label,
        "service_system": service_system,
        "replaced_xml": _replaced(document, today),
        "encounter": document.encounter,
        "encounter_label": texts()["encounters"][document.encounter],
        "sector": place.sector,
        "sector_label": place.sector_label,
        "organisation": place.name,
    }


def _replaced(document: DemoDocument, today: date) -> str:
    if document.replaces is None:
        return ""
    former = by_key(document.replaces)
    values = {
        "replaced_id": former.unique_id(today),
        "set_id": former.set_id(today),
        "replaced_version": str(former.version),
    }
    return fill(template("replaced.xml"), values)


def _structured(document: DemoDocument, today: date) -> str:
    return _sections(fill(body(document.body), {}, day=document.act_day(today)))


def _laboratory(document: DemoDocument, today: date) -> str:
    return _sections(laboratory.sections(document, today))


def _imaging(document: DemoDocument, today: date) -> str:
    picture = base64.b64encode(ankle_png()).decode()
    return _sections(fill(body(document.body), {"picture": picture}, day=document.act_day(today)))


def _text(document: DemoDocument, today: date) -> str:
    return _unstructured("text/plain", _plain(document, today).encode())


def _pdf(document: DemoDocument, today: date) -> str:
    return _unstructured("application/pdf", text_pdf(_plain(document, today), title=document.title))


def _jpeg(_document: DemoDocument, _today: date) -> str:
    return _unstructured("image/jpeg", tracing_jpeg())


def _booklet(document: DemoDocument, _today: date) -> str:
    return _unstructured("application/pdf", text_pdf(booklet(document.title), title=document.title))


def _fax(document: DemoDocument, today: date) -> str:
    return _unstructured("image/tiff", fax(_plain(document, today)))


def _rtf(document: DemoDocument, today: date) -> str:
    return _unstructured("text/rtf", letter(_plain(document, today)))


def _plain(document: DemoDocument, today: date) -> str:
    return fill(body(document.body), {}, day=document.act_day(today))


def _sections(markup: str) -> str:
    return fill(template("structured.xml"), {"sections_xml": markup})


def _unstructured(media_type: str, payload: bytes) -> str:
    values = {"media_type": media_type, "payload": base64.b64encode(payload).decode()}
    return fill(template("unstructured.xml"), values)


_BUILDERS: dict[str, Builder] = {
    "structured": _structured,
    "laboratory": _laboratory,
    "imaging": _imaging,
    "text": _text,
    "pdf": _pdf,
    "jpeg": _jpeg,
    "booklet": _booklet,
    "fax": _fax,
    "rtf": _rtf,
}
