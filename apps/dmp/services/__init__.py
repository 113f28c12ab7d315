"""What people do with documents."""

from __future__ import annotations

from apps.dmp.services.deposit import Deposit, Visibility, deposit_document
from apps.dmp.services.errors import DepositRefusedError, DocumentNotFoundError, DocumentWithdrawnError, Refusal
from apps.dmp.services.listing import Found, authors_of, count_documents, find_documents, record_list_reading
from apps.dmp.services.reading import Reading, document_of, download_document, open_document
from apps.dmp.services.selection import selected_documents
from apps.dmp.services.versions import Neighbours, neighbours_of
from apps.dmp.services.visibility import hide_document, hide_documents, unhide_document

__all__ = [
    "Deposit",
    "DepositRefusedError",
    "DocumentNotFoundError",
    "DocumentWithdrawnError",
    "Found",
    "Neighbours",
    "Reading",
    "Refusal",
    "Visibility",
    "authors_of",
    "count_documents",
    "deposit_document",
    "document_of",
    "download_document",
    "find_documents",
    "hide_document",
    "hide_documents",
    "neighbours_of",
    "open_document",
    "record_list_reading",
    "selected_documents",
    "unhide_document",
]
