"""What the portal makes of a clean file (pictures of its pages, its text): kept encrypted in the same vault.

It takes over the verdict on its source and is readable at once; whoever shows it asks for the source first.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.files import jobs
from apps.files.gateways.base import StoreUnavailableError
from apps.files.keeping import Clean, Content, keep
from apps.files.keys import MasterKeyMissingError
from apps.files.models import StoredFile
from apps.files.services import FileGoneError, FileNotReadableError


@transaction.atomic
def store_derived(*, source: StoredFile, content: Content, at: datetime) -> StoredFile:
    """Keep a content made of `source`. Raises `FileNotReadableError` when the source is not clean,
    `StoreUnavailableError`, `MasterKeyMissingError`: nothing was kept.
    """
    if not source.is_readable or source.scanned_at is None:
        raise FileNotReadableError(source.state)
    verdict = Clean(scanner=source.scanner, at=source.scanned_at)
    return keep(vault=source.vault, content=content, at=at, verdict=verdict)


def read_derived(file: StoredFile) -> bytes:
    """The content; no reading is counted, for it belongs to the reading of the source (SEC-13).

    Raises `FileGoneError`, `StoreUnavailableError`.
    """
    try:
        return jobs.bytes_of(file)
    except jobs.LOST_BYTES as error:
        raise FileGoneError(file.id) from error
    except MasterKeyMissingError as error:
        raise StoreUnavailableError(type(error).__name__) from error
