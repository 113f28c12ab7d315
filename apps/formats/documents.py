"""What other apps use of the format layer for documents."""

from __future__ import annotations

from apps.formats.cda.attachments import Attachment, AttachmentProblem
from apps.formats.cda.header_html import render_header
from apps.formats.cda.html import RenderOptions, language_tag, render_document
from apps.formats.cda.lab_table import range_words, unit_words
from apps.formats.cda.metadata import AuthorSummary, XdsMetadata, type_label, xds_metadata
from apps.formats.cda.model import CdaDocument, CdaTime, CdaWarning
from apps.formats.cda.nomenclature import DocumentType, class_labels, document_type, document_types
from apps.formats.cda.page import render_page
from apps.formats.cda.reader import DocumentErrorCode, UnreadableDocumentError, read_cda
from apps.formats.errors import UnreadableInputError
from apps.formats.refusals import refusal_words
from apps.formats.xml import UnreadableXmlError, XmlErrorCode

__all__ = [
    "Attachment",
    "AttachmentProblem",
    "AuthorSummary",
    "CdaDocument",
    "CdaTime",
    "CdaWarning",
    "DocumentErrorCode",
    "DocumentType",
    "RenderOptions",
    "UnreadableDocumentError",
    "UnreadableInputError",
    "UnreadableXmlError",
    "XdsMetadata",
    "XmlErrorCode",
    "class_labels",
    "document_type",
    "document_types",
    "language_tag",
    "range_words",
    "read_cda",
    "refusal_words",
    "render_document",
    "render_header",
    "render_page",
    "type_label",
    "unit_words",
    "xds_metadata",
]
