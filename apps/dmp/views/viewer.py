"""The content of one document as the page shows it: heading data, text, files (DMP-100 to DMP-109)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.dmp.models import Document
from apps.dmp.services import Reading
from apps.dmp.views.shown import Prepared, shown
from apps.formats.cda.header_html import party_words
from apps.formats.cda.people import Patient
from apps.formats.documents import (
    Attachment,
    CdaDocument,
    RenderOptions,
    language_tag,
    render_document,
    render_header,
)
from apps.formats.words import not_given, time_words
from apps.ui.components import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """What stands in the frame: `body` and `header` are HTML made by `apps.formats` from escaped parts only."""

    title: str
    language: str | None
    patient: tuple[Pair, ...]
    body: SafeString
    header: SafeString
    validated: str


def viewer_of(reading: Reading, prepared: Prepared, *, folded: bool = True) -> Viewer | None:
    """None when there is nothing that can be read as a document."""
    cda = reading.cda
    if cda is None:
        return None
    options = RenderOptions(
        heading=3,
        prefix="doc-",
        attachment_url=partial(_address, reading.document),
        show=partial(shown, reading.document, prepared),
    )
    return Viewer(
        title=reading.document.title,
        language=language_tag(cda.language),
        patient=_patient(cda),
        body=render_document(cda, options),
        header=render_header(cda, folded=folded),
        validated=_validated(cda),
    )


def _address(document: Document, attachment: Attachment) -> str:
    return reverse("dmp:attachment_file", args=[document.space_id, document.id, attachment.number])


def _patient(cda: CdaDocument) -> tuple[Pair, ...]:
    patient = cda.patient
    if patient is None:
        return ()
    sexes = {"F": _("Female"), "M": _("Male"), "UN": _("Undifferentiated")}
    sex = sexes.get((patient.sex.code if patient.sex else None) or "", not_given())
    return (
        Pair(term=_("Patient"), value=_name(patient)),
        Pair(term=_("Born on"), value=time_words(patient.born) if patient.born else not_given()),
        Pair(term=_("Sex"), value=sex),
        Pair(term=_("Identity"), value=_("Checked (INS)")),  # no document is filed without this check (DMP-83)
    )


def _name(patient: Patient) -> str:
    """Given name then family name, as people say it, each once (DMP-84)."""
    if patient.name is None:
        return not_given()
    parts = (patient.name.used_given, patient.name.used_family)
    return " ".join(part for part in parts if part) or patient.name.as_written


def _validated(cda: CdaDocument) -> str:
    """« Validé par Dr Hugo Perrin, le 18 novembre 2026 à 16 h 05 », empty without a validation (DMP-86)."""
    validation = cda.legal_authenticator
    if validation is None:
        return ""
    name = party_words(validation.party)
    if validation.at is None:
        return _("Validated by %(name)s.") % {"name": name}
    return _("Validated by %(name)s, %(time)s.") % {"name": name, "time": time_words(validation.at)}
