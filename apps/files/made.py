"""What the portal makes of its own rows (letters for the printer): kept encrypted, readable at once.

No antivirus looks at it, because nothing in it came from outside as a file; the row says so and names no scanner.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.common.ids import uuid7
from apps.files.gateways import store as objects
from apps.files.keys import cipher_of
from apps.files.models import StoredFile, Vault
from apps.files.services import Content
from apps.files.vaults import vault_of

MADE_HERE = "none: made by the portal"


@transaction.atomic
def store_made(*, owner_kind: Vault.Owner, owner_id: UUID, content: Content, at: datetime) -> StoredFile:
    """Keep a content that the portal made. Never for bytes that somebody sent.

    Raises `StoreUnavailableError`, `MasterKeyMissingError`, `WrongMasterKeyError`: nothing was kept.
    """
    vault = vault_of(owner_kind=owner_kind, owner_id=owner_id)
    file = StoredFile(
        vault=vault,
        id=uuid7(),
        size=len(content.data),
        sha256=hashlib.sha256(content.data).hexdigest(),
        media_type=content.media_type,
        state=StoredFile.State.CLEAN,
        scanner=MADE_HERE,
        received_at=at,
        scanned_at=at,
    )
    file.object_name = objects.save(cipher_of(vault=vault, file_id=file.id).encrypt(content.data))
    file.save(force_insert=True)
    return file
