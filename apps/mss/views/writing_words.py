"""Words of writing: why nothing can be written, why a file was not added, how far its check is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.access import Decision
from apps.files.crypto import TamperedError
from apps.files.keys import MasterKeyMissingError, VaultDestroyedError
from apps.files.models import StoredFile
from apps.files.services import StoreUnavailableError
from apps.formats.mail.names import clean_name
from apps.mss import policies
from apps.mss.models import Correspondent, DraftFile
from apps.mss.services.attachable import FILES_AT_MOST, FileFault, FileRefusedError
from apps.ui.words import clock, file_size

AWAY = (StoreUnavailableError, MasterKeyMissingError)
GONE = (TamperedError, VaultDestroyedError)
CLOSED = (*AWAY, *GONE)  # why a text cannot be opened or kept: for now, or for good
CANNED, AGAIN = "texte", "renvoyer"  # name and value of an address that begins an answer with a text of ours
_State = StoredFile.State


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file of a draft as the page shows it; `is_refused`: the message cannot leave with it."""

    id: str
    name: str
    size: str
    state: str
    is_refused: bool
    is_waiting: bool
    is_document: bool


def refusal_words(decision: Decision, box: Correspondent | None) -> str:
    """Why nobody can be written to, and what can be done (MSS-24, MSS-25)."""
    name = box.display_name if box is not None else _("The sender")
    match decision:
        case policies.ENDED:
            words = _("%(name)s has ended the exchange. You can answer again once this professional writes to you.")
        case policies.BLOCKED:
            words = _("%(name)s is blocked in this space: unblock this correspondent to write to them.")
        case policies.THREAD_CLOSED:
            words = _("This conversation is closed. Reopen it to answer, or begin a new message.")
        case policies.IN_BIN:
            words = _("This conversation is in the bin. Restore it to answer, or begin a new message.")
        case _:
            words = _("%(name)s takes no answers. Only a professional can begin an exchange.")
    return words % {"name": name}


def file_refusal_words(name: str, error: FileRefusedError) -> str:
    """Why one file was not added; the others were."""
    values = {"name": clean_name(name) or _("This file"), "room": file_size(error.room), "most": FILES_AT_MOST}
    match error.fault:
        case FileFault.EMPTY:
            words = _("« %(name)s » is empty. Choose another file.")
        case FileFault.KIND:
            words = _(
                "« %(name)s » is of a kind that is not sent. "
                "Choose a PDF, a photo (JPEG, PNG, TIFF) or a text (RTF, TXT)."
            )
        case FileFault.TOO_MANY:
            words = _("« %(name)s » was not added: a message has %(most)s files at most.")
        case _:
            words = _("« %(name)s » is too large: %(room)s are left in this message. Choose a smaller file.")
    return words % values


def limit_words(room: int) -> str:
    """What may be added, and how much still fits; the limit in MB (S18, MSS-56)."""
    words = _(
        "PDF, JPEG, PNG, TIFF, RTF or TXT; a phone can take a photo. A message has %(limit)s at most with its files: "
        "%(room)s of files are left."
    )
    return words % {"limit": file_size(settings.MSS_MAX_MESSAGE_BYTES), "room": file_size(room)}


def lost_words() -> str:
    """No file arrived although one was on its way: too large, or cut."""
    words = _("Nothing more arrived: the files are larger than %(limit)s together, or the sending was cut.")
    return words % {"limit": file_size(settings.UPLOAD_LIMITS[""])}


def away_words() -> str:
    return _("Our storage does not answer at the moment: the file was not added. Try again in a few minutes.")


def canned_text(wanted: str) -> str:
    """A text to begin with, which its writer sends, changes or deletes."""
    if wanted != AGAIN:
        return ""
    return _(
        "Hello,\n\nI cannot open the attachment of your message: it is in a format of Outlook. Could you send what it "
        "holds again, as a PDF for example?\n\nThank you."
    )


def changed_words() -> str:
    """The draft is not the one that was checked."""
    return _(
        "This message was changed in the meantime: nothing was sent. It is below as it is now: read it again, "
        "then send it."
    )


def receivers_words() -> str:
    """Others get the message than its page named."""
    return _("Who gets this message has changed in the meantime: nothing was sent. Read the names again, then send it.")


def unread_words(error: Exception) -> str:
    """Why the text of a draft is not shown: for now, or for good."""
    if isinstance(error, GONE):
        return _("This draft cannot be read. Delete it, then write your message again.")
    return _(
        "Our storage does not answer at the moment: your draft cannot be shown. It is kept: try again in a few minutes."
    )


def unsaved_words(error: Exception) -> str:
    """Why what stands in the form was not kept."""
    if isinstance(error, GONE):
        return _(
            "This draft cannot be read: nothing was saved or sent. Your text is below: copy it, delete the draft, "
            "then write your message again."
        )
    return _(
        "Our storage does not answer at the moment: nothing was saved or sent. Your text is below: try again in a few "
        "minutes."
    )


def unsent_words(error: Exception) -> str:
    """Why a draft that is kept did not leave."""
    if isinstance(error, GONE):
        return unread_words(error)
    return _(
        "Our storage does not answer at the moment: the message was not sent. Your draft is kept: try again in a few "
        "minutes."
    )


def line_of(row: DraftFile, state: str) -> FileLine:
    """A file of a draft; `state` is that of the antivirus check."""
    states = {
        _State.CLEAN: _("Checked: no virus found."),
        _State.WAITING: _("Being checked by the antivirus. The message can be sent: it leaves once the check is over."),
        _State.PARKED: _("The antivirus could not check this file. Take it out, or add it again in another form."),
    }
    refused = _("Refused: the antivirus found a virus. Take this file out.")
    return FileLine(
        id=str(row.id),
        name=row.name,
        size=file_size(row.size),
        state=states.get(_State(state), refused) if state else refused,
        is_refused=state not in {_State.CLEAN, _State.WAITING},
        is_waiting=state == _State.WAITING,
        is_document=row.document_id is not None,
    )


def late_words(retry_at: datetime | None) -> str:
    """MSS-84: how long to wait; the draft is kept."""
    words = _("Many messages have left this space within the hour. Your draft is kept: send it from %(time)s on.")
    later = pgettext("instant", "a later time")
    return words % {"time": clock(retry_at) if retry_at else later}
