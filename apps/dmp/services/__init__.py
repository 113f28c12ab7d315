"""What people do with documents."""

from __future__ import annotations

from apps.dmp.services.adding import FILE_AT_MOST, MEDIA_TYPES, TITLE_AT_MOST, TYPES, OwnFile, add_file, put
from apps.dmp.services.default_visibility import apply_default_visibility
from apps.dmp.services.deposit import Deposit, Visibility, deposit_document
from apps.dmp.services.errors import DepositRefusedError, DocumentNotFoundError, DocumentWithdrawnError, Refusal
from apps.dmp.services.listing import (
    Found,
    Names,
    count_documents,
    find_documents,
    names_of,
    page_of,
    record_list_reading,
)
from apps.dmp.services.paged import Page
from apps.dmp.services.reading import Reading, document_of, download_document, open_document, print_document
from apps.dmp.services.renditions import Pages, Place, first_pictures, plan_missing, read_page_picture, renditions_of
from apps.dmp.services.selection import selected_documents
from apps.dmp.services.timeline import Timeline, Year, read_timeline
from apps.dmp.services.versions import Neighbours, neighbours_of, versions_of
from apps.dmp.services.visibility import hide_document, hide_documents, unhide_document
from apps.dmp.services.withdrawing import withdraw_document

__all__ = [
    "FILE_AT_MOST",
    "MEDIA_TYPES",
    "TITLE_AT_MOST",
    "TYPES",
    "Deposit",
    "DepositRefusedError",
    "DocumentNotFoundError",
    "DocumentWithdrawnError",
    "Found",
    "Names",
    "Neighbours",
    "OwnFile",
    "Page",
    "Pages",
    "Place",
    "Reading",
    "Refusal",
    "Timeline",
    "Visibility",
    "Year",
    "add_file",
    "apply_default_visibility",
    "count_documents",
    "deposit_document",
    "document_of",
    "download_document",
    "find_documents",
    "first_pictures",
    "hide_document",
    "hide_documents",
    "names_of",
    "neighbours_of",
    "open_document",
    "page_of",
    "plan_missing",
    "print_document",
    "put",
    "read_page_picture",
    "read_timeline",
    "record_list_reading",
    "renditions_of",
    "selected_documents",
    "unhide_document",
    "versions_of",
    "withdraw_document",
]
