"""What people do with documents."""

from __future__ import annotations

from apps.dmp.services.adding import FILE_AT_MOST, MEDIA_TYPES, TITLE_AT_MOST, TYPES, OwnFile, add_file, put
from apps.dmp.services.arranging import move_documents, move_to_new_folder, pin_document, unpin_document
from apps.dmp.services.default_visibility import apply_default_visibility
from apps.dmp.services.deposit import Deposit, Visibility, deposit_document
from apps.dmp.services.errors import DepositRefusedError, DocumentNotFoundError, DocumentWithdrawnError, Refusal
from apps.dmp.services.evolution import MAX_DOCUMENTS as MAX_FOLLOWED
from apps.dmp.services.evolution import Evolution, Followed, Point, Series, evolution_of, followed_in
from apps.dmp.services.folders import (
    FOLDERS_AT_MOST,
    CountedFolder,
    FolderFault,
    FolderNotFoundError,
    FolderRefusedError,
    counted_folder,
    counted_folders,
    create_folder,
    delete_folder,
    folders_of,
    rename_folder,
)
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
from apps.dmp.services.wordings import extracts_of, plan_missing_wordings

__all__ = [
    "FILE_AT_MOST",
    "FOLDERS_AT_MOST",
    "MAX_FOLLOWED",
    "MEDIA_TYPES",
    "TITLE_AT_MOST",
    "TYPES",
    "CountedFolder",
    "Deposit",
    "DepositRefusedError",
    "DocumentNotFoundError",
    "DocumentWithdrawnError",
    "Evolution",
    "FolderFault",
    "FolderNotFoundError",
    "FolderRefusedError",
    "Followed",
    "Found",
    "Names",
    "Neighbours",
    "OwnFile",
    "Page",
    "Pages",
    "Place",
    "Point",
    "Reading",
    "Refusal",
    "Series",
    "Timeline",
    "Visibility",
    "Year",
    "add_file",
    "apply_default_visibility",
    "count_documents",
    "counted_folder",
    "counted_folders",
    "create_folder",
    "delete_folder",
    "deposit_document",
    "document_of",
    "download_document",
    "evolution_of",
    "extracts_of",
    "find_documents",
    "first_pictures",
    "folders_of",
    "followed_in",
    "hide_document",
    "hide_documents",
    "move_documents",
    "move_to_new_folder",
    "names_of",
    "neighbours_of",
    "open_document",
    "page_of",
    "pin_document",
    "plan_missing",
    "plan_missing_wordings",
    "print_document",
    "put",
    "read_page_picture",
    "read_timeline",
    "record_list_reading",
    "rename_folder",
    "renditions_of",
    "selected_documents",
    "unhide_document",
    "unpin_document",
    "versions_of",
    "withdraw_document",
]
