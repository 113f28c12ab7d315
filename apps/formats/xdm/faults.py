"""What can be wrong with a package or with one document of it; codes only, readers find the words."""

from __future__ import annotations

from enum import StrEnum

from apps.formats.errors import UnreadableInputError


class PackageErrorCode(StrEnum):
    """Why nothing of a package can be used, or why a package cannot be written."""

    NOT_A_ZIP = "not-a-zip"  # damaged ones too
    ENCRYPTED = "encrypted"
    TOO_MANY_FILES = "too-many-files"
    TOO_LARGE = "too-large"
    RATIO = "ratio"
    OVERLAPPING = "overlapping"
    UNSAFE_PATH = "unsafe-path"
    AMBIGUOUS_METADATA = "ambiguous-metadata"
    NO_METADATA = "no-metadata"
    UNREADABLE_METADATA = "unreadable-metadata"
    NO_DOCUMENT = "no-document"
    DAMAGED_FILE = "damaged-file"


class PackageError(UnreadableInputError):
    """Nothing of the package can be used; `code` is a `PackageErrorCode`."""


class PackageFault(StrEnum):
    """What a package has wrong beside its documents; none of it stops them from being read."""

    UNSAFE_NAME = "unsafe-name"
    LINK = "link"
    DUPLICATE_NAME = "duplicate-name"
    EXTRA_FILES = "extra-files"
    SEVERAL_SUBSETS = "several-subsets"
    UNREADABLE_SUBSET = "unreadable-subset"
    NO_SUBMISSION_SET = "no-submission-set"
    SAME_DOCUMENT_TWICE = "same-document-twice"


class DocumentFault(StrEnum):
    """What is wrong with one document of a package."""

    MISSING = "missing"
    AMBIGUOUS_NAME = "ambiguous-name"
    DAMAGED = "damaged"
    HASH = "hash"
    SIZE = "size"
    OTHER_PATIENT = "other-patient"
    SAME_ID_TWICE = "same-id-twice"
    OTHER_UNIQUE_ID = "other-unique-id"
    NOT_CDA = "not-cda"
    NO_HASH = "no-hash"
    NO_SIZE = "no-size"
    NO_UNIQUE_ID = "no-unique-id"
    NO_PATIENT = "no-patient"
    UNKNOWN_STATUS = "unknown-status"
    UNKNOWN_CONFIDENTIALITY = "unknown-confidentiality"
    UNREADABLE_TIME = "unreadable-time"


BLOCKING = frozenset(  # DMP-28, DMP-83: such a document is held, neither shown nor saved
    {
        DocumentFault.MISSING,
        DocumentFault.AMBIGUOUS_NAME,
        DocumentFault.DAMAGED,
        DocumentFault.HASH,
        DocumentFault.SIZE,
        DocumentFault.OTHER_PATIENT,
        DocumentFault.SAME_ID_TWICE,
    }
)
