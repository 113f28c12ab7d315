"""Words for documents: categories, names without a title, authors, states, refusals. No rows, no queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.ui.words import day, moment, partial_date

if TYPE_CHECKING:
    from datetime import datetime

    from apps.common.dates import PartialDate
    from apps.dmp.models import Document

Words = str | Promise

# Categories of the portal (DMP-55), in the order of the filter.
CATEGORIES: dict[str, Words] = {
    "SYNTHESE": gettext_lazy("My health in brief"),
    "ORD_SOIN": gettext_lazy("Prescriptions and care"),
    "BIOLOGIE": gettext_lazy("Laboratory results"),
    "CPT_REND": gettext_lazy("Reports"),
    "RADIO_SC": gettext_lazy("Imaging"),
    "CAR_VAC": gettext_lazy("Vaccinations"),
    "DEPISTAG": gettext_lazy("Prevention and screening"),
    "CERT_MED": gettext_lazy("Certificates"),
    "DOC_ADM": gettext_lazy("Administrative documents"),
    "REMB": gettext_lazy("Reimbursements"),
    "QUEST_SANTE": gettext_lazy("Questionnaires"),
    "VDP": gettext_lazy("Wishes"),
    "DIR_ANT": gettext_lazy("Advance directives"),
    "SYNTH_PML": gettext_lazy("Medical profile"),
    "AUTR_DOC": gettext_lazy("Other documents"),
}
OTHER = "AUTR_DOC"
NOT_IN_FILTER = frozenset({"DIR_ANT", "SYNTH_PML"})  # DMP-55

# One document of a category, for headings, titles of pages and names of files: kind and date only (SEC-16).
KINDS: dict[str, Words] = {
    "SYNTHESE": pgettext_lazy("one document", "Health summary"),
    "ORD_SOIN": pgettext_lazy("one document", "Prescription or care"),
    "BIOLOGIE": pgettext_lazy("one document", "Laboratory results"),
    "CPT_REND": pgettext_lazy("one document", "Report"),
    "RADIO_SC": pgettext_lazy("one document", "Imaging"),
    "CAR_VAC": pgettext_lazy("one document", "Vaccination"),
    "DEPISTAG": pgettext_lazy("one document", "Prevention and screening"),
    "CERT_MED": pgettext_lazy("one document", "Certificate"),
    "DOC_ADM": pgettext_lazy("one document", "Administrative document"),
    "REMB": pgettext_lazy("one document", "Reimbursements"),
    "QUEST_SANTE": pgettext_lazy("one document", "Questionnaire"),
    "VDP": pgettext_lazy("one document", "Wishes"),
    "DIR_ANT": pgettext_lazy("one document", "Advance directives"),
    "SYNTH_PML": pgettext_lazy("one document", "Medical profile"),
    "AUTR_DOC": pgettext_lazy("one document", "Document"),
}

# Extensions of downloads, by the only types that are served (DMP-104).
EXTENSIONS = {
    "application/xml": "xml",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tiff",
    "text/rtf": "rtf",
    "text/plain": "txt",
}


def category_label(code: str) -> str:
    """« Résultats de biologie »; an unknown category is shown as other documents (DMP-13)."""
    return str(CATEGORIES.get(code) or CATEGORIES[OTHER])


def kind_label(code: str) -> str:
    """« Compte rendu »: one document of a category."""
    return str(KINDS.get(code) or KINDS[OTHER])


def document_name(document: Document) -> str:
    """« Compte rendu du 4 novembre 2026 »: kind and date in their precision, never the title (DMP-09, SEC-16)."""
    kind, date = kind_label(document.category), document.created_on
    if date is None:
        return _("%(kind)s, undated") % {"kind": kind}
    if not date.is_whole:
        return _("%(kind)s, %(date)s") % {"kind": kind, "date": partial_date(date)}
    return _("%(kind)s of %(date)s") % {"kind": kind, "date": partial_date(date)}


def date_words(document: Document) -> str:
    """The date of the act, or the day of the deposit for a document without date."""
    if document.created_on is None:
        return _("undated, filed on %(date)s") % {"date": day(document.received_at)}
    return partial_date(document.created_on)


def month_heading(document: Document) -> str:
    """« Novembre 2026 »; « 1975 » for a document that knows no month; month of the deposit for one without date."""
    date: PartialDate | None = document.created_on
    if date is not None and date.month is None:
        return str(date.year)
    words = partial_date(_MonthOnly(document))
    return words[:1].upper() + words[1:]


class _MonthOnly:
    """Year and month under which a document is sorted."""

    def __init__(self, document: Document) -> None:
        date = document.created_on
        self.year: int = date.year if date else document.sorted_on.year
        self.month: int | None = date.month if date else document.sorted_on.month
        self.day: int | None = None


def author_label(name: str, organisation: str) -> str:
    """Who stands in the filter and over a group: the person or device, else the organisation."""
    return name or organisation or _("Author not given")


def author_words(document: Document) -> str:
    """« Dr Hugo Perrin, biologiste médical »; the organisation alone when nobody is named."""
    if not document.author_name:
        return author_label("", document.organisation_name)
    if document.author_is_device:
        return _("%(name)s (software)") % {"name": document.author_name}
    parts = (document.author_name, document.author_specialty)
    return ", ".join(part for part in parts if part)


def source_words(document: Document) -> str:
    """Author and place in one line of a list."""
    if document.author_is_device and document.organisation_name:
        return document.organisation_name
    parts = (document.author_name, document.organisation_name)
    return ", ".join(dict.fromkeys(part for part in parts if part)) or _("Author not given")


def hidden_words(hidden_at: datetime) -> str:
    """« Masqué aux professionnels depuis le 9 octobre 2026 »."""
    return _("Hidden from professionals since %(date)s") % {"date": day(hidden_at)}


def replaced_words(replaced_at: datetime) -> str:
    """« Version remplacée le 12 mars 2026 à 14 h 05 »."""
    return _("Version replaced %(moment)s") % {"moment": moment(replaced_at)}


def file_names(document: Document, *, media_type: str, number: int) -> tuple[str, str]:
    """ASCII name and full name of a download, made of kind and date only; `number` of an attachment, 0 for none."""
    extension = EXTENSIONS.get(media_type, "bin")
    date = document.created_on
    plain = slugify(kind_label(document.category)) or "document"
    ascii_name = "-".join(part for part in (plain, date.iso() if date else "", str(number or "")) if part)
    full = document_name(document)
    if number:
        full = _("%(document)s, attachment %(number)s") % {"document": full, "number": number}
    return f"{ascii_name}.{extension}", f"{full}.{extension}"
