"""Why bytes were refused, in words for the person who sent or opens them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.formats.cda.reader import DocumentErrorCode
from apps.formats.errors import UnreadableInputError
from apps.formats.xml import MAX_BYTES, XmlErrorCode

_MILLION = 1_000_000


def refusal_words(error: UnreadableInputError) -> str:
    """One sentence without line break; never the technical detail, which may quote the file."""
    sentences = {
        XmlErrorCode.EMPTY: _("The file is empty."),
        XmlErrorCode.TOO_LARGE: _("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // _MILLION},
        XmlErrorCode.DTD: _("The document contains a DTD (document type definition), which is not accepted."),
        XmlErrorCode.ENCODING: _("The characters of the file are not in the encoding that it announces."),
        XmlErrorCode.NOT_WELL_FORMED: _(
            "The file is not a well-formed XML document: it is damaged or of another type."
        ),
        XmlErrorCode.TOO_DEEP: _("The document has too many nested levels."),
        XmlErrorCode.TOO_MANY_NODES: _("The document has too many elements."),
        DocumentErrorCode.WRONG_ROOT: _("The file is XML but not a CDA clinical document."),
        DocumentErrorCode.WRONG_NAMESPACE: _(
            "The file looks like a clinical document but not of the HL7 version 3 standard."
        ),
        DocumentErrorCode.SEVERAL_DOCUMENTS: _("The file contains several clinical documents."),
        DocumentErrorCode.SEVERAL_PATIENTS: _("The document is about several different patients."),
    }
    return sentences.get(error.code) or _("The file cannot be read.")
