"""Technical details of a header, folded: identifiers, codes, names and numbers as written, other people (DMP-108)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.formats.cda.model import CdaDocument
from apps.formats.cda.people import Author, Participant, Party
from apps.formats.cda.rows import Row, definition_list
from apps.formats.cda.safe import element, joined, text
from apps.formats.cda.values import INS_ROOTS, CodedValue, Identifier


def details(document: CdaDocument, *, folded: bool) -> SafeString:
    """A `details` element, closed when `folded`."""
    summary = element("summary", text(_("Technical details")))
    content = definition_list(_rows(document), "ens-meta")
    return element("details", joined([summary, content]), {"class": "ens-fold", "open": None if folded else "open"})


def _rows(document: CdaDocument) -> Iterator[Row]:
    single = (
        (_("Identifier of the document"), document.unique_id),
        (_("Identifier of the series of versions"), document.set_id),
        (_("Code of the type"), _code_words(document.code)),
        (_("Confidentiality"), _confidentiality(document.confidentiality)),
        (_("Language"), document.language),
    )
    yield from (Row(label, [text(value)]) for label, value in single if value)
    several = (
        (_("Replaces"), document.replaces),
        (_("Models (templates)"), document.template_ids),
        (_("Identifiers of the patient"), _patient_ids(document)),
        (_("Author as written"), tuple(_author(author) for author in document.authors)),
        (_("Prescriptions"), document.orders),
        (_("Other people named"), tuple(_other_people(document))),
    )
    yield from (Row(label, [text(value) for value in values]) for label, values in several if values)


def _code_words(code: CodedValue | None) -> str | None:
    if code is None:
        return None
    written = [code.code, code.display, f"({code.system})" if code.system else None]
    return " ".join(part for part in written if part)


def _confidentiality(code: CodedValue | None) -> str | None:
    known = {"N": _("normal"), "R": _("restricted"), "V": _("very restricted")}
    if code is None:
        return None
    return known.get(code.code or "") or code.display or code.code


def _patient_ids(document: CdaDocument) -> tuple[str, ...]:
    patient = document.patient
    return tuple(_identifier_words(item) for item in patient.identifiers) if patient else ()


def _identifier_words(identifier: Identifier) -> str:
    kind = {
        "NIR": _("national number"),
        "NIA": _("provisional national number"),
        "NIR-TEST": _("national number for tests"),
        "NIR-DEMO": _("national number for demonstrations"),
    }.get(INS_ROOTS.get(identifier.root, ""), _("local number"))
    return f"{identifier.extension or identifier.root} ({kind}, {identifier.root})"


def _author(author: Author) -> str:
    device = author.device
    parts = [
        author.party.name.as_written if author.party.name else None,
        " ".join(part for part in (device.software, device.model) if part) if device else None,
        *(item.text for item in author.party.identifiers),
        author.party.organisation.name if author.party.organisation else None,
    ]
    return ", ".join(part for part in parts if part) or _("author not given")


def _other_people(document: CdaDocument) -> Iterator[str]:
    attesting = _("authenticator")
    named = [(item.party, _role(item)) for item in (*document.informants, *document.participants)]
    named.extend((validation.party, attesting) for validation in document.authenticators)
    for party, role in named:
        name = _name(party)
        if name:
            yield f"{name} ({role})" if role else name


def _name(party: Party) -> str | None:
    if party.name:
        return party.name.professional_display
    return party.organisation.name if party.organisation else None


def _role(item: Participant) -> str:
    """What the person is to the patient or the act; a person may be both sister and trusted person."""
    kinds = {
        "ECON": _("emergency contact"),
        "NOK": _("trusted person"),
        "REF": _("requested by"),
        "PRF": _("performer"),
    }
    kind = kinds.get(item.kind or "")
    function = item.function.display if item.function else None
    return ", ".join(part for part in (kind, function) if part)
