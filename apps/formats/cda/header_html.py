"""The header of a document for readers: who, about whom, when, validated by whom (DMP-84..87, DMP-108)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.formats import words
from apps.formats.cda.details_html import details
from apps.formats.cda.metadata import type_label
from apps.formats.cda.model import CdaDocument, CdaWarning, Encounter, ServiceEvent, Validation
from apps.formats.cda.people import Author, Party, Patient
from apps.formats.cda.rows import Row, definition_list
from apps.formats.cda.safe import element, joined, lines, text
from apps.formats.cda.times import CdaTime

_REFERRER = "REF"  # typeCode of the participant who asked for the act
_IDENTITY_WARNINGS = (CdaWarning.NO_INS, CdaWarning.INS_SHAPE, CdaWarning.INS_KEY)


def render_header(document: CdaDocument, *, folded: bool = True) -> SafeString:
    """HTML of the header as a definition list, with the technical details (`folded`); the title is the page's own.

    The patient's name stands in it once, as used, and the name at birth where it differs (DMP-84).
    """
    return joined([definition_list(_rows(document), "ens-meta ens-meta--row"), details(document, folded=folded)])


def _rows(document: CdaDocument) -> Iterator[Row]:
    yield from _patient_rows(document)
    yield Row(_("Type of document"), [text(type_label(document) or words.not_given())])
    yield Row(_("Date of the document"), [_document_date(document)])
    authors = [_author(author) for author in document.authors] or [text(_("author not given"))]
    yield Row(_("Author") if len(authors) == 1 else _("Authors"), authors)
    custodian = document.custodian.name if document.custodian else None
    yield Row(_("Kept by"), [text(custodian or words.not_given())])
    validated = document.legal_authenticator
    yield Row(_("Validated by"), [_validation(validated) if validated else text(words.not_given())])
    yield from _acts(document)
    yield from _care(document.encounter)
    yield from _requests(document)
    yield from _version(document)


def _patient_rows(document: CdaDocument) -> Iterator[Row]:
    patient = document.patient
    if patient is None:
        yield Row(_("Patient"), [text(words.not_given())])
        return
    yield Row(_("Patient"), [text(patient.name.display if patient.name else words.not_given())])
    birth_name = _name_at_birth(patient)
    if birth_name:
        yield Row(_("Name at birth"), [text(birth_name)])
    yield Row(_("Born on"), [time_element(patient.born) if patient.born else text(words.not_given())])
    yield Row(_("Sex"), [text(_sex(patient))])
    yield Row(_("Identity"), [text(_identity(document))])


def _name_at_birth(patient: Patient) -> str | None:
    if patient.name is None:
        return None
    parts = (patient.name.birth_family, patient.name.birth_given)
    written = " ".join(part for part in parts if part)
    return written if written and written.casefold() != patient.name.display.casefold() else None


def _sex(patient: Patient) -> str:
    known = {"F": _("Female"), "M": _("Male"), "UN": _("Undifferentiated")}
    if patient.sex is None:
        return words.not_given()
    return known.get(patient.sex.code or "") or patient.sex.display or words.not_given()


def _identity(document: CdaDocument) -> str:
    sentences = {
        CdaWarning.NO_INS: _("To be checked: the document carries no national health identity number."),
        CdaWarning.INS_SHAPE: _("To be checked: the national health identity number is not of the right form."),
        CdaWarning.INS_KEY: _("To be checked: the key of the national health identity number is wrong."),
    }
    found = next((warning for warning in _IDENTITY_WARNINGS if warning in document.warnings), None)
    return sentences[found] if found else _("National health identity number present")


def _document_date(document: CdaDocument) -> SafeString:
    if document.effective_time is not None:
        return time_element(document.effective_time)
    if CdaWarning.UNREADABLE_DATE in document.warnings:
        return text(_("the date in the document cannot be read"))
    return text(words.not_given())


def _author(author: Author) -> SafeString:
    party = author.party
    device = author.device.display if author.device else None
    parts = [party_words(party)] if party.name else []
    if device:
        parts.append(_("%(software)s (software)") % {"software": device})
    if not parts:
        parts.append(_("author not given"))
    details_of_role = [author.function.display if author.function else None]
    if party.name and party.code:
        details_of_role.append(party.code.display)
    parts.extend(part for part in details_of_role if part)
    if party.organisation and party.organisation.name:
        parts.append(party.organisation.name)
    return text(", ".join(dict.fromkeys(parts)))


def party_words(party: Party) -> str:
    """The name of a person as people say it, else the organisation, else that it is unknown."""
    if party.name:
        return party.name.professional_display
    return (party.organisation.name if party.organisation else None) or words.not_given()


def _validation(validation: Validation) -> SafeString:
    name = text(party_words(validation.party))
    return lines([name, time_element(validation.at)]) if validation.at else name


def _acts(document: CdaDocument) -> Iterator[Row]:
    acts = [act for event in document.service_events if (act := _act(event))]
    if acts:
        yield Row(_("Act") if len(acts) == 1 else _("Acts"), acts)


def _act(event: ServiceEvent) -> SafeString | None:
    label = event.code.display or event.code.code if event.code else None
    parts = [label, words.period_words(event.period), party_words(event.performer) if event.performer else None]
    return text(", ".join(part for part in parts if part)) if any(parts[:2]) else None


def _care(encounter: Encounter | None) -> Iterator[Row]:
    if encounter is None:
        return
    parts = [
        encounter.code.display if encounter.code else None,
        words.period_words(encounter.period),
        encounter.place,
        encounter.facility.display if encounter.facility else None,
    ]
    if any(parts):
        yield Row(_("Care setting"), [text(", ".join(part for part in parts if part))])


def _requests(document: CdaDocument) -> Iterator[Row]:
    referrers = [item for item in document.participants if item.kind == _REFERRER]
    if referrers:
        yield Row(_("Requested by"), [text(party_words(item.party)) for item in referrers])


def _version(document: CdaDocument) -> Iterator[Row]:
    if document.version_number is not None:
        replaced = [text(_("replaces an earlier version"))] if document.replaces else []
        yield Row(_("Version"), [text(str(document.version_number)), *replaced])


def time_element(time: CdaTime) -> SafeString:
    """A `time` element: words for people, the precision as written for machines (DMP-09)."""
    return element("time", text(words.time_words(time)), {"datetime": time.iso()})
