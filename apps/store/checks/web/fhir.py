"""STO-96: what a FHIR server says that it can do."""

from __future__ import annotations

import re

from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from apps.store.checks.base import Fact, Finding, Subject
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.web import targets
from apps.store.checks.web.contract import ABSENT, Asked, WebCheck, is_found, kind_of, settled
from apps.store.checks.web.json_reading import TooManyValuesError, UnreadableJsonError, read_object
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Page

VERSION = "4.0.1"
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}")
_READS = frozenset({"read", "search-type"})
_XML = frozenset({"application/fhir+xml", "application/xml", "text/xml"})


class FhirCheck(WebCheck):
    """`fail`: no FHIR there, or another version of it."""

    code = "fhir"
    rule = "STO-96"
    criterion = "CRI-INT-05"

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.answers(subject, ("CRI-INT-05", "url"))

    def look(self, asked: Asked) -> Finding:
        page = settled(asked.web.get(f"{asked.target.rstrip('/')}/metadata"))
        if page.status in ABSENT:
            return failed(Reason.FHIR_ABSENT, status=page.status)
        if not is_found(page):
            return flagged(Reason.PAGE_CLOSED, status=page.status)
        wanted = targets.list_of(asked.subject.answers.get("CRI-INT-05", {}).get("resources"))
        return _statement(page, wanted)


def _statement(page: Page, wanted: list[str]) -> Finding:
    if page.is_cut or page.media_type in _XML:
        return flagged(Reason.TOO_LARGE if page.is_cut else Reason.FHIR_XML, media_type=kind_of(page))
    try:
        read = read_object(page.body)
    except TooManyValuesError:
        return flagged(Reason.TOO_LARGE, media_type=kind_of(page))
    except UnreadableJsonError:
        return failed(Reason.FHIR_NOT_FHIR, media_type=kind_of(page))
    if read.get("resourceType") != "CapabilityStatement":
        return failed(Reason.FHIR_NOT_FHIR, media_type=kind_of(page))
    return _capabilities(read, wanted)


def _capabilities(read: dict[str, object], wanted: list[str]) -> Finding:
    version = str(read.get("fhirVersion"))
    if version != VERSION:
        return failed(Reason.FHIR_VERSION, version=version if _VERSION.fullmatch(version) else None)
    try:
        # Shapes alone: of what R4B changed since R4, a statement of capabilities holds nothing.
        CapabilityStatement.model_validate(read)
    except (ValueError, TypeError, AssertionError):
        return flagged(Reason.FHIR_INVALID, version=version)
    return _promises(_interactions(read), wanted)


def _promises(offered: dict[str, set[str]], wanted: list[str]) -> Finding:
    absent = [name for name in wanted if name not in offered]
    unread = [name for name in wanted if name in offered and not offered[name] & _READS]
    measured: dict[str, Fact] = {"version": VERSION, "resources": len(offered)}
    if absent:
        return flagged(Reason.FHIR_RESOURCES, missing=absent, **measured)
    if unread:
        return flagged(Reason.FHIR_INTERACTIONS, missing=unread, **measured)
    return passed(**measured)


def _interactions(read: dict[str, object]) -> dict[str, set[str]]:
    """Codes of interactions by type of resource, of the part that serves; the model has looked at the shapes."""
    found: dict[str, set[str]] = {}
    served = (rest for rest in _dicts(read, "rest") if rest.get("mode") == "server")
    for resource in (each for rest in served for each in _dicts(rest, "resource")):
        codes = {str(interaction.get("code")) for interaction in _dicts(resource, "interaction")}
        found.setdefault(str(resource.get("type")), set()).update(codes)
    return found


def _dicts(holder: dict[str, object], name: str) -> list[dict[str, object]]:
    value = holder.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
