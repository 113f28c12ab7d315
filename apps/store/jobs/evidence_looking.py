"""Looking for keys and passwords in a piece of evidence as soon as it may be read, so that its sender knows (L15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import Exists, F, OuterRef, QuerySet

from apps.files.gateways.base import StoreUnavailableError
from apps.files.jobs import LOST_BYTES, bytes_of
from apps.files.keys import MasterKeyMissingError
from apps.files.models import StoredFile
from apps.formats import media
from apps.store.checks.base import Outcome
from apps.store.checks.local.file_type import CSV
from apps.store.checks.local.leaked_secrets import look
from apps.store.models import Evidence

SEARCHED = frozenset({media.PDF, CSV})
TRIES = 5  # that never came to an end, of whatever cause (REL-07): the check of the dossier looks again
logger = structlog.get_logger(__name__)


def look_for_secrets(*, evidence_id: UUID, at: datetime) -> bool:
    """Keep the kinds of secrets that a clean piece holds, never a secret. Twice is once.

    Returns whether it was looked at; what could not be read now is found by `waiting` again.
    """
    piece = _clean_ones().filter(pk=evidence_id).first()
    if piece is None:
        return False
    rows = Evidence.objects.filter(pk=piece.pk, secrets_looked_at=None)
    rows.update(secrets_tries=F("secrets_tries") + 1)
    kinds = _kinds(piece)
    if kinds is None:
        return False
    return bool(rows.update(secrets_found=kinds, secrets_looked_at=at, secrets_tries=0))


def waiting(*, at_most: int = 200) -> list[UUID]:
    """Pieces that are clean and that nobody has looked at: their task was lost."""
    return list(_clean_ones().order_by("secrets_tries", "id").values_list("pk", flat=True)[:at_most])


def waiting_for(*, vault_id: UUID, file_id: UUID) -> UUID | None:
    """The piece of a file that the antivirus has just found clean, if it is one that is searched."""
    return _clean_ones().filter(vault_id=vault_id, file_id=file_id).values_list("pk", flat=True).first()


def _clean_ones() -> QuerySet[Evidence]:
    clean = StoredFile.objects.filter(
        vault_id=OuterRef("vault_id"), id=OuterRef("file_id"), state=StoredFile.State.CLEAN
    )
    rows = Evidence.objects.filter(removed_at=None, secrets_looked_at=None, media_type__in=SEARCHED)
    return rows.filter(Exists(clean), secrets_tries__lt=TRIES)


def _kinds(piece: Evidence) -> list[str] | None:
    """None when it could not be looked at: another time. A file that no program opens holds none that we know of."""
    stored = StoredFile.objects.select_related("vault").get(pk=(piece.vault_id, piece.file_id))
    try:
        finding = look(bytes_of(stored))  # no reading of a person is counted
    except LOST_BYTES:
        return []
    except (StoreUnavailableError, MasterKeyMissingError):  # nothing of the file: no try of it
        Evidence.objects.filter(pk=piece.pk, secrets_tries__gt=0).update(secrets_tries=F("secrets_tries") - 1)
        return None
    if finding.outcome is Outcome.ERROR:
        logger.warning("store.evidence.search_failed", evidence=str(piece.pk), tries=piece.secrets_tries + 1)
        return None
    kinds = finding.measured.get("kinds", [])
    return [str(kind) for kind in kinds] if isinstance(kinds, list) else []
