"""Logo and screenshots of a published page, drawn anew in the locked-down child process (STO-84, SEC-11).

A row is a piece of work; the run may be killed at any point or happen twice. What ends it five times is given up, and
the page goes on with initials and words.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

from django.db import transaction

from apps.common.failpoints import reach
from apps.files.derived import store_derived
from apps.files.gateways.base import StoreUnavailableError
from apps.files.jobs import LOST_BYTES, bytes_of
from apps.files.keys import MasterKeyMissingError
from apps.files.models import StoredFile
from apps.files.services import Content
from apps.formats.decoding import DecoderLostError, DrawnPicture, Reason, RefusedFileError, draw_pages
from apps.formats.media import JPEG
from apps.store.models import Candidacy, Evidence, Picture

TRIES = 5
LEASE = timedelta(minutes=5)
SHOWN = (Evidence.Use.LOGO, Evidence.Use.SCREENSHOT)


def plan(candidacy: Candidacy, *, at: datetime) -> int:
    """Rows for the pictures of a page that is published now; those that have one keep it. Returns how many it has."""
    pieces = candidacy.evidence.filter(use__in=SHOWN, removed_at=None)
    rows = [Picture(evidence=piece, due_at=at) for piece in pieces.order_by("id")]
    Picture.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def make_due(*, clock: Callable[[], datetime], at_most: int = 50) -> int:
    """Draw what waits, the oldest first. Returns how many were made."""
    made = 0
    for _ in range(at_most):
        picture = _claim(clock())
        if picture is None:
            break
        reach("store.picture.claimed")
        made += _make(picture, clock)
    return made


@transaction.atomic
def _claim(at: datetime) -> Picture | None:
    waiting = Picture.objects.select_for_update(of=("self",), skip_locked=True).select_related("evidence")
    picture = waiting.filter(file_id=None, refused="", due_at__lte=at).order_by("due_at", "id").first()
    if picture is None:
        return None
    picture.attempts += 1
    picture.due_at = at + LEASE
    picture.save(update_fields=["attempts", "due_at"])
    return picture


def _make(picture: Picture, clock: Callable[[], datetime]) -> bool:
    piece = picture.evidence
    source = StoredFile.objects.select_related("vault").get(pk=(piece.vault_id, piece.file_id))
    if picture.attempts > TRIES:
        return _refuse(picture, Reason.DAMAGED)
    try:
        drawn = _drawn(bytes_of(source), piece)
    except RefusedFileError as error:
        return _refuse(picture, error.reason)
    except LOST_BYTES:
        return _refuse(picture, "lost")
    except (DecoderLostError, StoreUnavailableError, MasterKeyMissingError):
        return False  # after the lease
    return _keep(picture, source, drawn, clock())


def _drawn(data: bytes, piece: Evidence) -> DrawnPicture:
    """A screenshot as wide as a screen, a logo as small as we draw."""
    with closing(draw_pages(data, piece.media_type, first=1, last=1)) as pages:
        page = next(pages, None)
    if page is None or not page.pictures:
        raise RefusedFileError(Reason.DAMAGED)
    return page.pictures[-1 if piece.use == Evidence.Use.LOGO else 0]


@transaction.atomic
def _keep(picture: Picture, source: StoredFile, drawn: DrawnPicture, at: datetime) -> bool:
    waiting = Picture.objects.select_for_update(of=("self",)).filter(pk=picture.pk, file_id=None, refused="")
    if waiting.first() is None:
        return False  # another run was faster
    made = store_derived(source=source, content=Content(data=drawn.data, media_type=JPEG), at=at)
    Picture.objects.filter(pk=picture.pk).update(file_id=made.id, width=drawn.width, height=drawn.height)
    return True


def _refuse(picture: Picture, reason: str) -> bool:
    Picture.objects.filter(pk=picture.pk, file_id=None).update(refused=reason)
    return False
