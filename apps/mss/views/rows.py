"""Lines of the pages of conversations: attachments with the state of their check, and what is held (MSS-53, MSS-58)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.access import Actor
from apps.files.models import StoredFile
from apps.formats import media
from apps.formats.mail.parts import is_outlook_container
from apps.mss.models import Attachment

_State = StoredFile.State
_NAMED = (Attachment.Kind.FILE, Attachment.Kind.DOCUMENT, Attachment.Kind.MESSAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One attachment below a message; `is_closed`: only another program opens it (S15)."""

    attachment: Attachment
    kind: str
    state: str
    is_readable: bool
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What came with one message; `originals`: archive, copies and parts behind a detail (MSS-50); `held` in words,
    empty when nothing is.
    """

    shown: tuple[FileLine, ...] = ()
    originals: tuple[FileLine, ...] = ()
    held: str = ""


NO_FILES = Files()


def files_of(*, actor: Actor, message_ids: Collection[UUID]) -> dict[UUID, Files]:
    """By message; three queries at most."""
    rows = list(
        Attachment.objects.visible_to(actor).filter(message_id__in=message_ids).order_by("message_id", "position")
    )
    ids = [row.file_id for row in rows if row.file_id]
    states = dict(StoredFile.objects.filter(id__in=ids).values_list("id", "state")) if ids else {}
    held = _held_of(actor, message_ids)
    found: dict[UUID, Files] = {}
    for message_id in {row.message_id for row in rows} | set(held):
        lines = [_line(row, states) for row in rows if row.message_id == message_id]
        found[message_id] = Files(
            shown=tuple(line for line in lines if line.attachment.kind in _NAMED),
            originals=tuple(line for line in lines if line.attachment.kind not in _NAMED),
            held=_held_words(held[message_id]),
        )
    return found


def problem_words(problem: str) -> str:
    """Why bytes are not shown, for a page; `problem` as `services.reading` says it."""
    words = {
        _State.WAITING: _("The antivirus has not looked at this file yet. Try again in a few minutes."),
        _State.PARKED: _("The antivirus could not check this file. Ask your correspondent to send it in another form."),
        _State.INFECTED: _("Refused: the antivirus found a virus in this file. Nobody can open it."),
        "away": _("Our storage does not answer at the moment. Try again in a few minutes."),
    }
    return words.get(problem, _("This file is no longer there."))


def _held_of(actor: Actor, message_ids: Collection[UUID]) -> Counter[UUID]:
    """How much is held with each message; an archive does not count beside a document of it (MSS-50)."""
    rows = list(
        Attachment.objects.told_as_held(actor)
        .filter(message_id__in=message_ids)
        .values_list("message_id", "id", "parent_id")
    )
    parents = {parent_id for _message, _id, parent_id in rows}
    return Counter(message_id for message_id, row_id, _parent in rows if row_id not in parents)


def _line(row: Attachment, states: dict[UUID, str]) -> FileLine:
    state = states.get(row.file_id, "") if row.file_id else ""
    is_readable = state == _State.CLEAN
    return FileLine(
        attachment=row,
        kind=_kind_words(row),
        state=_("Checked: no virus found.") if is_readable else problem_words(state),
        is_readable=is_readable,
        is_closed=is_outlook_container(declared_type=row.declared_type, name=row.name),
    )


def _kind_words(row: Attachment) -> str:
    kinds = {
        media.PDF: _("PDF"),
        media.JPEG: _("JPEG picture"),
        media.PNG: _("PNG picture"),
        media.TIFF: _("TIFF picture"),
        media.RTF: _("RTF text"),
        media.TEXT: _("text"),
    }
    if row.kind == Attachment.Kind.FILE and row.media_type in kinds:
        return kinds[row.media_type]
    return str(Attachment.Kind(row.kind).label)


def _held_words(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "%(count)s attachment is not shown: it could not be checked, or is not about the holder of this space. "
        "Your correspondent can send it again.",
        "%(count)s attachments are not shown: they could not be checked, or are not about the holder of this space. "
        "Your correspondent can send them again.",
        count,
    )
    return words % {"count": count}
