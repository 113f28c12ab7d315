"""What the portal makes of its own rows (letters for the printer): kept encrypted, readable at once.

No antivirus looks at it, because nothing in it came from outside as a file; the row says so and names no scanner.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.files.keeping import Clean, Content, keep
from apps.files.models import StoredFile, Vault
from apps.files.vaults import vault_of

MADE_HERE = "none: made by the portal"


@transaction.atomic
def store_made(*, owner_kind: Vault.Owner, owner_id: UUID, content: Content, at: datetime) -> StoredFile:
    """Keep a content that the portal made. Never for bytes that somebody sent.

    Raises `StoreUnavailableError`, `MasterKeyMissingError`, `WrongMasterKeyError`: nothing was kept.
    """
    vault = vault_of(owner_kind=owner_kind, owner_id=owner_id)
    return keep(vault=vault, content=content, at=at, verdict=Clean(scanner=MADE_HERE, at=at))
