"""From a CDA document to the columns of its record (DMP-10 to DMP-26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.common.text import fold
from apps.formats.cda.metadata import XdsMetadata, xds_metadata
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.people import Party
from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import ORGANISATION_ROOT, PROFESSIONAL_ROOT, Identifier
from apps.formats.media import XML

_TITLE = 300
_NAME = 200
_FOLDED = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The bytes of a deposit and what was read in them; `metadata.unique_id` may be None."""

    data: bytes
    cda: CdaDocument
    metadata: XdsMetadata


def source_of(*, data: bytes, cda: CdaDocument) -> Source:
    """The bytes with what `read_cda` found in them and the XDS metadata."""
    return Source(data=data, cda=cda, metadata=xds_metadata(cda, data))


def columns_of(source: Source, *, at: datetime) -> dict[str, Any]:
    """Columns of `Document` that come from the document itself; `at` dates it for sorting when it has no date."""
    metadata = source.metadata
    columns = {
        **_codes(metadata),
        **_times(metadata, at),
        **_author(source.cda),
        "title": (metadata.title or metadata.type_label or metadata.unique_id or "-")[:_TITLE],
        "facility_code": (metadata.facility_type.code if metadata.facility_type else None) or "",
        "practice_code": (metadata.practice_setting.code if metadata.practice_setting else None) or "",
        "sha1": metadata.hash_sha1,
        "size": metadata.size,
        "media_type": _media_type(source.cda),
        "warnings": [warning.value for warning in source.cda.warnings],
    }
    searched = (columns[name] for name in ("title", "author_name", "organisation_name", "type_label"))
    columns["folded"] = fold(" ".join(searched))[:_FOLDED]
    return columns


def _codes(metadata: XdsMetadata) -> dict[str, Any]:
    return {
        "unique_id": metadata.unique_id,
        "set_id": metadata.set_id or "",
        "version_number": metadata.version_number or 1,
        "type_code": metadata.type_code or "",
        "type_system": metadata.type_system or "",
        "type_label": (metadata.type_label or "")[:_NAME],
        "class_code": metadata.class_code or "",
        "category": metadata.category,
        "format_code": metadata.format_code or "",
        "confidentiality": metadata.confidentiality or "N",
        "language": metadata.language or "",
    }


def _times(metadata: XdsMetadata, at: datetime) -> dict[str, Any]:
    dated = metadata.service_start or metadata.creation_time
    return {
        "created": _iso(metadata.creation_time),
        "act_started": _iso(metadata.service_start),
        "act_stopped": _iso(metadata.service_stop),
        "sorted_on": dated.as_partial_date().earliest() if dated else at.date(),
    }


def _author(cda: CdaDocument) -> dict[str, Any]:
    persons = [author.party for author in cda.authors if author.party.name is not None]
    party = persons[0] if persons else (cda.authors[0].party if cda.authors else None)
    device = next((author.device.display for author in cda.authors if author.device), None)
    organisation = (party.organisation if party else None) or cda.custodian
    name = party.name.professional_display if party and party.name else device
    return {
        "author_name": (name or "")[:_NAME],
        "author_specialty": ((party.code.display if party and party.code else None) or "")[:_NAME],
        "author_id": _professional_id(party),
        "author_is_device": not persons and device is not None,
        "organisation_name": ((organisation.name if organisation else None) or "")[:_NAME],
        "organisation_id": _extension(organisation.identifiers if organisation else (), ORGANISATION_ROOT),
    }


def _professional_id(party: Party | None) -> str:
    return _extension(party.identifiers if party else (), PROFESSIONAL_ROOT)


def _extension(identifiers: tuple[Identifier, ...], root: str) -> str:
    return next((item.extension for item in identifiers if item.root == root and item.extension), "")[:64]


def _iso(time: CdaTime | None) -> str:
    return time.iso() if time else ""


def _media_type(cda: CdaDocument) -> str:
    payload = cda.payload
    return (payload.sniffed_type if payload else None) or XML
