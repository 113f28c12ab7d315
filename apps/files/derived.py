"""What the portal makes of a clean file (pictures of its pages, its text): kept encrypted in the same vault.

It takes over the verdict on its source and is readable at once; whoever shows it asks for the source first.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from apps.common.ids import uuid7
from apps.files import jobs
from apps.files.gateways import store as objects
from apps.files.gateways.base import StoreUnavailableError
from apps.files.keys import MasterKeyMissingError, cipher_of
from apps.files.models import StoredFile
from apps.files.services import Content, FileGoneError, FileNotReadableError


@transaction.atomic
def store_derived(*, source: StoredFile, content: Content, at: datetime) -> StoredFile:
    """Keep a content made of `source`. Raises `FileNotReadableError` when the source is not clean,
    `StoreUnavailableError`, `MasterKeyMissingError`: nothing was kept.
    """
    if not source.is_readable:
        raise FileNotReadableError(source.state)
    file = StoredFile(
        vault=source.vault,
        id=uuid7(),
        size=len(content.data),
        sha256=hashlib.sha256(content.data).hexdigest(),
        media_type=content.media_type,
        state=StoredFile.State.CLEAN,
        scanner=source.scanner,
        received_at=at,
        scanned_at=source.scanned_at,
    )
    file.object_name = objects.save(cipher_of(vault=source.vault, file_id=file.id).encrypt(content.data))
    file.save(force_insert=True)
    return file


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
