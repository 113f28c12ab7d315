"""Makes what a search inside documents looks in: the marks of the words of one document and its sealed text (D-01).

After the antivirus, and once the files inside were looked at, so that their texts are there. May be killed at any point
and run twice at once (REL-02); a document that ends the work five times stays without (REL-07).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.common.failpoints import reach
from apps.dmp.models import Rendition, Wording
from apps.dmp.models.wording import word_of_code
from apps.files.blind import words_of_vault
from apps.files.gateways.base import StoreUnavailableError
from apps.files.jobs import LOST_BYTES, bytes_of
from apps.files.keys import MasterKeyMissingError
from apps.files.models import StoredFile
from apps.formats.cda.measured import Measured, dumped, measured
from apps.formats.cda.plain import plain_text
from apps.formats.cda.reader import read_cda
from apps.formats.errors import UnreadableInputError
from apps.formats.searching import stems_in

TRIES = 5
LEASE = timedelta(minutes=5)  # a run that ends without a word is taken up again after it
TEXT_AT_MOST = 2_000_000  # characters of one document that are searched


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is kept of one document."""

    text: str = ""
    figures: tuple[Measured, ...] = ()

    @property
    def words(self) -> set[str]:
        return stems_in(self.text) | {word_of_code(figure.code) for figure in self.figures}


def index(*, space_id: UUID, document_id: UUID, clock: Callable[[], datetime]) -> bool:
    """Make the index of one document; True when this run made it."""
    wording = _claim(space_id, document_id, clock())
    if wording is None:
        return False
    reach("dmp.index.claimed")
    try:
        content = _content(wording)
    except (UnreadableInputError, *LOST_BYTES):
        return _keep(wording, Content(), clock())
    except (StoreUnavailableError, MasterKeyMissingError):
        _wait(wording)
        return False
    reach("dmp.index.read")
    return _keep(wording, content, clock())


def due(*, at: datetime, limit: int = 200) -> list[tuple[UUID, UUID]]:
    """(space, document) of what waits and can be worked on: the task was lost or a run ended early."""
    rows = _workable().filter(due_at__lte=at).order_by("due_at", "id")
    return list(rows.values_list("space_id", "document_id")[:limit])


def waiting_for(*, vault_id: UUID, file_id: UUID) -> list[tuple[UUID, UUID]]:
    """(space, document) of the documents with this content that still wait."""
    rows = _workable().filter(document__vault_id=vault_id, document__file_id=file_id).order_by("id")
    return list(rows.values_list("space_id", "document_id"))


def waiting_behind(*, space_id: UUID, rendition_id: UUID) -> list[UUID]:
    """The document of a file that was looked at, when it still waits."""
    of_it = Rendition.objects.filter(space_id=space_id, id=rendition_id).values("document_id")
    rows = _workable().filter(space_id=space_id, document_id__in=of_it)
    return list(rows.order_by("id").values_list("document_id", flat=True))


def _workable() -> QuerySet[Wording]:
    """Clean documents whose files were all looked at; of a damaged one nothing will come any more."""
    unopened = Rendition.objects.filter(
        space_id=OuterRef("space_id"),
        document_id=OuterRef("document_id"),
        state=Rendition.State.WAITING,
        opened_at__isnull=True,
    )
    rows = Wording.objects.filter(due_at__isnull=False, document__file__state=StoredFile.State.CLEAN)
    return rows.filter(~Exists(unopened))


@transaction.atomic
def _claim(space_id: UUID, document_id: UUID, at: datetime) -> Wording | None:
    rows = _workable().select_for_update(of=("self",), skip_locked=True).select_related("document__file__vault")
    wording = rows.filter(space_id=space_id, document_id=document_id).first()
    if wording is None:
        return None
    if wording.attempts >= TRIES:
        wording.due_at, wording.made_at = None, at
        wording.save(update_fields=["due_at", "made_at"])
        return None
    wording.attempts, wording.due_at = wording.attempts + 1, at + LEASE
    wording.save(update_fields=["attempts", "due_at"])
    return wording


def _content(wording: Wording) -> Content:
    """The narrative, then the texts of the files; the figures. Raises what `bytes_of` and `read_cda` raise."""
    cda = read_cda(bytes_of(wording.document.file))
    texts = [plain_text(cda)]
    rows = Rendition.objects.filter(space_id=wording.space_id, document_id=wording.document_id, text_id__isnull=False)
    for rendition in rows.select_related("text__vault").order_by("number", "id"):
        if rendition.text is not None:
            texts += json.loads(bytes_of(rendition.text))
    return Content(text="\n".join(texts)[:TEXT_AT_MOST].strip(), figures=measured(cda))


@transaction.atomic
def _keep(wording: Wording, content: Content, at: datetime) -> bool:
    """Write the result; where work was asked for anew meanwhile, that run will write it."""
    now = _locked(wording)
    if now is None or now.due_at != wording.due_at:
        return False
    now.marks, now.sealed, now.figures = "", None, None
    if content.words:
        words = words_of_vault(wording.document.file.vault)
        now.marks = words.index(content.words)
        now.sealed = words.seal(content.text, bound_to=now.bound_to)
        if content.figures:
            now.figures = words.seal(dumped(content.figures), bound_to=now.figures_bound_to)
    now.due_at, now.made_at, now.attempts = None, at, 0
    now.save(update_fields=["marks", "sealed", "figures", "due_at", "made_at", "attempts"])
    return True


@transaction.atomic
def _wait(wording: Wording) -> None:
    """Store or key are away: not the document's fault, the try is taken back."""
    now = _locked(wording)
    if now is not None:
        now.attempts = max(0, now.attempts - 1)
        now.save(update_fields=["attempts"])


def _locked(wording: Wording) -> Wording | None:
    rows = Wording.objects.select_for_update(of=("self",)).filter(due_at__isnull=False)
    return rows.filter(space_id=wording.space_id, id=wording.id).first()
