"""« À propos de ce document »: the record of one document as pairs of term and value (DMP-08, DMP-22 to DMP-24)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.dmp.models import Document
from apps.dmp.services import Reading
from apps.dmp.words import author_words, category_label
from apps.formats.cda.header_html import party_words
from apps.formats.cda.times import CdaTimeError
from apps.formats.documents import CdaDocument, CdaTime
from apps.formats.words import time_words
from apps.ui.components import Pair
from apps.ui.words import clock, day, file_size

_REFERRER = "REF"  # participant who asked for the act
RESULTS = "BIOLOGIE"


def about(reading: Reading) -> tuple[Pair, ...]:
    """Category, dates, people, version and size; nothing is invented for what the document does not say (DMP-87)."""
    return tuple(_pairs(reading.document, reading.cda))


def folder_pair(document: Document) -> tuple[Pair, ...]:
    """Where the holder's side keeps it: said on the screen, not on paper, which others read (DMP-61)."""
    return (Pair(term=_("Folder"), value=document.folder.name),) if document.folder else ()


def _pairs(document: Document, cda: CdaDocument | None) -> Iterator[Pair]:
    yield Pair(term=_("Category"), value=category_label(document.category), note=document.type_label)
    term = _("Date of the sample") if document.category == RESULTS else _("Date of the act")
    yield Pair(term=term, value=written_words(document.act_started or document.created))
    filed = {"day": day(document.received_at), "time": clock(document.received_at)}
    yield Pair(term=_("Filed on"), value=_("%(day)s at %(time)s") % filed)
    yield Pair(term=_("Author"), value=author_words(document))
    if document.author_name and document.organisation_name:
        yield Pair(term=_("Organisation"), value=document.organisation_name)
    referrers = [item for item in cda.participants if item.kind == _REFERRER] if cda else []
    if referrers:
        yield Pair(term=_("Requested by"), value=", ".join(party_words(item.party) for item in referrers))
    version = _("%(number)s, current") if document.is_current else _("%(number)s, obsolete")
    yield Pair(term=_("Version"), value=version % {"number": document.version_number})
    yield Pair(term=_("Size"), value=file_size(document.size))


def written_words(iso: str) -> str:
    """A time of the record in words, with the precision and the offset of the source (DMP-09, S07)."""
    try:
        return time_words(CdaTime.parse(_compact(iso)))
    except CdaTimeError:
        return _("not given")


def _compact(iso: str) -> str:
    """The HL7 form of an ISO time: `2026-01-01T00:30:00+04:00` is `20260101003000+0400`."""
    date, _separator, time = iso.partition("T")
    return date.replace("-", "") + time.replace(":", "")
