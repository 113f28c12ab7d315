"""What became of a mail, in the words of its writer: waiting, handed over, refused and why (M-03, MSS-65)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.mss.models import OutgoingMail


class Progress(StrEnum):
    """The three states of a page; the queue knows more."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


_State = OutgoingMail.State
_PROGRESS = {
    _State.WAITING: Progress.WAITING,
    _State.SENDING: Progress.WAITING,
    _State.UNCERTAIN: Progress.WAITING,
    _State.SENT: Progress.SENT,
    _State.REFUSED: Progress.REFUSED,
    _State.PARKED: Progress.REFUSED,
}
WORDS: dict[Progress, Promise] = {
    Progress.WAITING: _("Waiting to leave"),
    Progress.SENT: _("Handed over"),
    Progress.REFUSED: _("Not delivered"),
}
# Why the portal itself could not send it: another try would end the same way.
_OURS: dict[str, Promise] = {
    "virus": _("A virus was found in an attachment. Write the message again without it."),
    "file-unchecked": _("An attachment could not be checked for viruses."),
    "file-lost": _("An attachment cannot be read any more. Write the message again."),
    "text-lost": _("The message cannot be read any more."),
    "package": _("The documents are too large to travel together. Send them one by one."),
    "too-large": _("The message with its attachments is too large. Send fewer of them."),
    "space-closed": _("This space was closed before the message left."),
    "space-deleted": _("This space is closed."),
    "outside": _("This correspondent's mailbox is no longer one of secure messaging (MSSanté)."),
}
_AGAIN = frozenset({"file-unchecked", "outside", "space-closed"})
# Enhanced status codes of RFC 3463, the longest beginning that fits.
_STATUS: dict[str, Promise] = {
    "5.1": _("This correspondent's mailbox does not exist, or no longer."),
    "5.2.1": _("This correspondent's mailbox is closed."),
    "4.2.1": _("This correspondent's mailbox is closed for now."),
    "5.2.2": _("This correspondent's mailbox is full."),
    "4.2.2": _("This correspondent's mailbox is full."),
    "5.2.3": _("The message is too large for this correspondent's mailbox."),
    "5.3.4": _("The message is too large for this correspondent's mailbox."),
    "5.7": _("The server of this correspondent does not accept the message."),
}
_REJECTED = _("The software of this correspondent could not take the message in.")
_PARKED = _("The server of this correspondent could not be reached, in spite of several tries.")
_REFUSED = _("The server of this correspondent does not accept the message.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`reason` in words and `code` for a detail, both empty unless refused."""

    progress: Progress
    words: Promise
    reason: Promise | str = ""
    code: str = ""
    may_try_again: bool = False


def standing_of(mail: OutgoingMail) -> Standing:
    """What the page of the conversation says about one mail."""
    progress = _PROGRESS[_State(mail.state)]
    if progress is not Progress.REFUSED:
        return Standing(progress=progress, words=WORDS[progress])
    return Standing(
        progress=progress,
        words=WORDS[progress],
        reason=_reason(mail),
        code=mail.status_code or mail.problem.removeprefix("smtp-"),
        may_try_again=mail.problem not in _OURS or mail.problem in _AGAIN,
    )


def _reason(mail: OutgoingMail) -> Promise:
    if mail.problem in _OURS:
        return _OURS[mail.problem]
    if mail.problem == "rejected":
        return _REJECTED
    for beginning in sorted(_STATUS, key=len, reverse=True):
        if mail.status_code == beginning or mail.status_code.startswith(f"{beginning}."):
            return _STATUS[beginning]
    return _PARKED if mail.state == _State.PARKED else _REFUSED
