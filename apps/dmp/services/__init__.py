"""What people do with documents."""

from __future__ import annotations

from apps.dmp.services.deposit import Deposit, Visibility, deposit_document
from apps.dmp.services.errors import DepositRefusedError, DocumentNotFoundError, DocumentWithdrawnError, Refusal
from apps.dmp.services.reading import Reading, document_of, download_document, open_document
from apps.dmp.services.visibility import hide_document, unhide_document

__all__ = [
    "Deposit",
    "DepositRefusedError",
    "DocumentNotFoundError",
    "DocumentWithdrawnError",
    "Reading",
    "Refusal",
    "Visibility",
    "deposit_document",
    "document_of",
    "download_document",
    "hide_document",
    "open_document",
    "unhide_document",
]
