"""Logo and screenshots as the public page needs them (STO-100, STO-84, SEC-11)."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from apps.formats import media
from apps.formats.picture_facts import PictureFacts, picture_facts
from apps.formats.sandbox import refusal
from apps.formats.sandbox.refusal import DecoderLostError, RefusedFileError
from apps.store.checks.base import FileFacts, Finding, Subject, Tools
from apps.store.checks.findings import failed, flagged, in_trouble, passed
from apps.store.checks.local.contents import ids, looked_at
from apps.store.checks.local.reasons import Reason

LOGO, SCREENSHOT = "logo", "screenshot"
_RATIO = (16, 9)
_TOLERANCE = 100  # one part in a hundred: 1366 × 768 is a screen of 16:9


class Images:
    """Decoded by a child process. What can never be shown fails; a form that is not the expected one, other colours and
    a place in the metadata (which is removed anyway) are for a person to look at.
    """

    code = "images"
    rule = "STO-100"
    version = 1
    criterion = "CRI-FIC-02"
    is_security = False

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return ids(tuple(file for file in subject.files if file.use in {LOGO, SCREENSHOT}))

    def run(self, *, target: str, subject: Subject, tools: Tools) -> Finding:
        return looked_at(target, subject, _judged)


def _judged(file: FileFacts, data: bytes) -> Finding:
    if media.sniff(data) not in {media.PNG, media.JPEG}:
        return failed(Reason.IMAGE_KIND)
    if len(data) > settings.STORE_IMAGE_BYTES:
        return failed(Reason.IMAGE_TOO_HEAVY, bytes=len(data))
    return _decoded(file, data)


def _decoded(file: FileFacts, data: bytes) -> Finding:
    try:
        facts = picture_facts(data)
    except RefusedFileError as error:
        return _refused(error)
    except DecoderLostError:
        return in_trouble(Reason.DECODER_LOST)
    return _looked_through(file, facts)


def _refused(error: RefusedFileError) -> Finding:
    """Our machine may be slow: that is no fact about the picture."""
    if error.reason == refusal.Reason.TOO_SLOW:
        return flagged(Reason.IMAGE_TOO_COMPLEX)
    return failed(Reason.IMAGE_TOO_LARGE if error.reason == refusal.Reason.TOO_LARGE else Reason.IMAGE_DAMAGED)


def _looked_through(file: FileFacts, facts: PictureFacts) -> Finding:
    if facts.frames > 1:
        return failed(Reason.IMAGE_ANIMATED, frames=facts.frames)
    doubts = list(_doubts(file.use, facts))
    size = {"width": facts.width, "height": facts.height}
    if not doubts:
        return passed(**size)
    return flagged(doubts[0], **size, all=[doubt.value for doubt in doubts])


def _doubts(use: str, facts: PictureFacts) -> Iterator[Reason]:
    least = settings.STORE_LOGO_SIDE if use == LOGO else settings.STORE_SCREENSHOT_SIDE
    if not (_is_square(facts) if use == LOGO else _is_screen(facts)):
        yield Reason.IMAGE_RATIO
    if min(facts.width, facts.height) < least:
        yield Reason.IMAGE_TOO_SMALL
    if not facts.is_srgb:
        yield Reason.IMAGE_COLOURS
    if facts.has_place:
        yield Reason.IMAGE_PLACE


def _is_square(facts: PictureFacts) -> bool:
    return facts.width == facts.height


def _is_screen(facts: PictureFacts) -> bool:
    """16:9, or 9:16 of a telephone, to a hundredth."""
    long, short = max(facts.width, facts.height) * _RATIO[1], min(facts.width, facts.height) * _RATIO[0]
    return abs(long - short) * _TOLERANCE <= short
