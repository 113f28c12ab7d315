"""Prepares a file for showing: looks at it, keeps its text, draws its pages one by one (D-03, SEC-11).

Every page is a state that is right by itself: the work may be killed at any point, run twice at once, and be started
again where it stopped (REL-02). A file that ends the work five times on the same page is refused (REL-07).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction

from apps.common.failpoints import reach
from apps.dmp.models import PagePicture, Rendition
from apps.files.derived import store_derived
from apps.files.gateways.base import StoreUnavailableError
from apps.files.jobs import LOST_BYTES, bytes_of
from apps.files.keys import MasterKeyMissingError
from apps.files.models import StoredFile
from apps.files.services import Content
from apps.formats import media
from apps.formats.cda.reader import read_cda
from apps.formats.decoding import (
    DecoderLostError,
    DrawnPage,
    Reason,
    RefusedFileError,
    draw_pages,
    open_file,
)
from apps.formats.errors import UnreadableInputError

TRIES = 5
LEASE = timedelta(minutes=5)  # a run that ends without a word is taken up again after it
PAGES_A_CHILD = 40
SECONDS = 60.0  # of one run
LOST = "lost"

_State = Rendition.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One run: the row as it was claimed, the file inside the document, until when to go on."""

    rendition: Rendition
    source: StoredFile
    data: bytes
    clock: Callable[[], datetime]
    end: float


def prepare(
    *, space_id: UUID, rendition_id: UUID, clock: Callable[[], datetime], seconds: float = SECONDS
) -> str | None:
    """Go on with one file, as far as `seconds` allow; returns the state after the run, None when there is no such row.

    A document that is not clean yet keeps the row waiting; its scanner tells when to come again.
    """
    rendition = _claim(space_id, rendition_id, clock())
    if rendition is not None:
        reach("dmp.prepare.claimed")
        _go_on(rendition, clock, monotonic() + seconds)
    return Rendition.objects.filter(space_id=space_id, id=rendition_id).values_list("state", flat=True).first()


def due(*, at: datetime, limit: int = 100) -> list[tuple[UUID, UUID]]:
    """(space, rendition) of what waits although its document is clean: the task was lost or a run ended early."""
    clean = StoredFile.State.CLEAN
    rows = Rendition.objects.filter(state=_State.WAITING, due_at__lte=at, document__file__state=clean)
    return list(rows.order_by("due_at", "id").values_list("space_id", "id")[:limit])


def waiting_for(*, vault_id: UUID, file_id: UUID) -> list[tuple[UUID, UUID]]:
    """(space, rendition) of what the documents with this content still wait for."""
    rows = Rendition.objects.filter(state=_State.WAITING, document__vault_id=vault_id, document__file_id=file_id)
    return list(rows.order_by("number", "id").values_list("space_id", "id"))


@transaction.atomic
def _claim(space_id: UUID, rendition_id: UUID, at: datetime) -> Rendition | None:
    rows = Rendition.objects.select_for_update(of=("self",), skip_locked=True).select_related("document__file__vault")
    rendition = rows.filter(space_id=space_id, id=rendition_id, state=_State.WAITING).first()
    if rendition is None or not rendition.document.file.is_readable:
        return None
    if rendition.attempts >= TRIES:
        _refuse(rendition, Reason.DAMAGED, at)
        return None
    rendition.attempts += 1
    rendition.due_at = at + LEASE
    rendition.save(update_fields=["attempts", "due_at"])
    return rendition


def _go_on(rendition: Rendition, clock: Callable[[], datetime], end: float) -> None:
    source = rendition.document.file
    try:
        data = _bytes_of(rendition, source)
        work = Work(rendition=rendition, source=source, data=data, clock=clock, end=end)
        _open(work)
        _draw(work)
    except DecoderLostError:
        return  # the try counts, the sweep takes the file up again after the lease
    except RefusedFileError as error:
        _end(rendition, error.reason, clock(), warnings=sorted(error.warnings))
    except (UnreadableInputError, *LOST_BYTES):
        _end(rendition, LOST, clock())
    except (StoreUnavailableError, MasterKeyMissingError):
        _wait(rendition)


def _bytes_of(rendition: Rendition, source: StoredFile) -> bytes:
    """The file inside the document. Raises what `bytes_of` and `read_cda` raise."""
    attachment = read_cda(bytes_of(source)).file(rendition.number)
    if attachment is None or attachment.data is None:
        raise RefusedFileError(Reason.NOTHING)
    return attachment.data


def _open(work: Work) -> None:
    rendition, at = work.rendition, work.clock()
    if rendition.opened_at is not None:
        return
    opened = open_file(work.data, rendition.media_type)
    reach("dmp.prepare.opened")
    with transaction.atomic():
        now = _locked(rendition)
        if now is None or now.opened_at is not None:
            return  # another run was faster and goes on
        if any(opened.texts):
            content = Content(data=json.dumps(opened.texts).encode(), media_type=media.TEXT)
            text = store_derived(source=work.source, content=content, at=at)
            rendition.vault_id, rendition.text_id = text.vault_id, text.id
        rendition.pages, rendition.warnings, rendition.opened_at = opened.pages, sorted(opened.warnings), at
        if opened.pages == 0:
            rendition.state, rendition.ended_at = _State.READY, at
        rendition.save(update_fields=["vault_id", "text_id", "pages", "warnings", "opened_at", "state", "ended_at"])


def _draw(work: Work) -> None:
    """Children of some pages each: one that ends early has lost nothing but its last page."""
    rendition = work.rendition
    while rendition.pages_made < rendition.pages and monotonic() < work.end:
        before = rendition.pages_made
        try:
            _draw_some(work)
        except RefusedFileError:
            if rendition.pages_made == before:  # it was this very page
                raise


def _draw_some(work: Work) -> None:
    first = work.rendition.pages_made + 1
    last = min(work.rendition.pages, first + PAGES_A_CHILD - 1)
    with closing(draw_pages(work.data, work.rendition.media_type, first=first, last=last)) as pages:
        for page in pages:
            _keep(work, page)
            reach("dmp.prepare.page")
            if monotonic() >= work.end:
                return
    if work.rendition.pages_made < last:
        raise RefusedFileError(Reason.DAMAGED)


@transaction.atomic
def _keep(work: Work, page: DrawnPage) -> None:
    """Store one page; another run that was faster has the last word."""
    rendition, at = work.rendition, work.clock()
    now = _locked(rendition)
    if now is None or now.pages_made != page.number - 1:
        rendition.pages_made = rendition.pages
        return
    for picture in page.pictures:
        content = Content(data=picture.data, media_type=media.JPEG)
        file = store_derived(source=work.source, content=content, at=at)
        PagePicture.objects.create(
            space_id=rendition.space_id, rendition_id=rendition.id, page=page.number, width=picture.width,
            height=picture.height, vault_id=file.vault_id, file_id=file.id,
        )  # fmt: skip
    rendition.pages_made, rendition.attempts, rendition.due_at = page.number, 0, at + LEASE
    if page.number == rendition.pages:
        rendition.state, rendition.ended_at = _State.READY, at
    rendition.save(update_fields=["pages_made", "attempts", "due_at", "state", "ended_at"])


def _locked(rendition: Rendition) -> Rendition | None:
    rows = Rendition.objects.select_for_update(of=("self",))
    return rows.filter(space_id=rendition.space_id, id=rendition.id, state=_State.WAITING).first()


@transaction.atomic
def _end(rendition: Rendition, reason: str, at: datetime, warnings: list[str] | None = None) -> None:
    if _locked(rendition) is not None:
        rendition.warnings = warnings or rendition.warnings
        _refuse(rendition, reason, at)


def _refuse(rendition: Rendition, reason: str, at: datetime) -> None:
    rendition.state, rendition.reason, rendition.ended_at = _State.REFUSED, str(reason), at
    rendition.save(update_fields=["state", "reason", "ended_at", "warnings"])


@transaction.atomic
def _wait(rendition: Rendition) -> None:
    """Store or key are away: not the file's fault, the try is taken back."""
    now = _locked(rendition)
    if now is not None:
        now.attempts = max(0, now.attempts - 1)
        now.save(update_fields=["attempts"])
