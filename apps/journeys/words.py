"""Words of the access history: acts, capacities and purposes, one word each (pages.md 22)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.access import Purpose, Role

# Acts that a history shows; what is not listed here (refusals, technical acts) is not an access.
ACTIONS = {
    "dmp.document.read": _("Read a document"),
    "dmp.document.download": _("Downloaded a document"),
    "dmp.document.print": _("Printed a document"),
    "dmp.document.deposit": _("Filed a document"),
    "dmp.document.hide": _("Hid a document from professionals"),
    "dmp.document.unhide": _("Made a document visible again"),
    "dmp.document.file": _("Moved a document to or from a folder"),
    "dmp.document.pin": _("Pinned a document"),
    "dmp.document.unpin": _("Unpinned a document"),
    "dmp.folder.create": _("Made a folder of documents"),
    "dmp.folder.rename": _("Renamed a folder of documents"),
    "dmp.folder.delete": _("Deleted a folder of documents"),
    "dmp.list.read": _("Looked at the list of documents"),
    "dmp.document.withdraw": _("Withdrew a document"),
    "dmp.document.search": _("Searched inside the documents"),
    "dmp.results.follow": _("Looked at results over time"),
    "journeys.attachment.save": _("Saved a document of a message"),
    "mss.list.read": _("Looked at the list of messages"),
    "mss.message.read": _("Read a conversation"),
    "mss.message.send": _("Sent a message"),
    "mss.message.send_again": _("Tried again to send a message"),
    "mss.message.unread": _("Marked a conversation as unread"),
    "mss.message.report": _("Reported a message"),
    "mss.message.download": _("Downloaded a message"),
    "mss.attachment.read": _("Opened a file of a message"),
    "mss.attachment.download": _("Downloaded a file of a message"),
    "mss.draft.read": _("Read a draft of a message"),
    "mss.draft.save": _("Kept a draft of a message"),
    "mss.draft.file_add": _("Added a file to a draft"),
    "journeys.document.enclose": _("Added a document to a draft"),
    "mss.draft.file_remove": _("Took a file out of a draft"),
    "mss.draft.discard": _("Deleted a draft of a message"),
    "mss.thread.close": _("Closed a conversation"),
    "mss.thread.reopen": _("Reopened a conversation"),
    "mss.thread.bin": _("Put a conversation into the bin"),
    "mss.thread.restore": _("Took a conversation out of the bin"),
    "mss.thread.erase": _("Erased a conversation after its time in the bin"),
    "mss.sender.block": _("Blocked a sender of messages"),
    "mss.sender.unblock": _("Unblocked a sender of messages"),
    "mss.pharmacy.choose": _("Chose a pharmacy to write to"),
    "spaces.access.declare": _("Declared that you agree to be read by the care team"),
    "spaces.administrator.name": _("Named an administrator"),
    "spaces.administrator.end": _("Removed an administrator"),
    "spaces.consent.withdraw": _("Withdrew an agreement"),
    "spaces.assistance.agree": _("Agreed to be seen by whoever assists"),
    "spaces.assistance.withdraw": _("Took back the agreement given to whoever assists"),
    "spaces.delegate.invite": _("Invited a person"),
    "spaces.delegate.withdraw": _("Cancelled an invitation"),
    "spaces.delegate.accept": _("Accepted an invitation into the space"),
    "spaces.delegate.refuse": _("Refused an invitation into the space"),
    "spaces.delegate.change": _("Changed the rights of a relative"),
    "spaces.delegate.end": _("Ended the access of a relative"),
    "spaces.emergency.change": _("Changed the choices for emergencies"),
    "spaces.privacy.change": _("Changed who sees the documents"),
    "spaces.professional.block": _("Blocked a professional"),
    "spaces.professional.unblock": _("Unblocked a professional"),
    "spaces.space.activate": _("Activated the space"),
    "spaces.space.close": _("Closed the space"),
    "spaces.space.open": _("Opened the space"),
    "spaces.space.enter": _("Entered the space"),
}
PORTAL = _("The portal")
CAPACITIES: dict[str, str | Promise] = {
    Role.HOLDER.value: _("Holder"),
    Role.REPRESENTATIVE.value: _("Legal representative"),
    Role.DELEGATE.value: _("Relative who helps"),
    Role.PROFESSIONAL.value: _("Professional"),
    Role.SYSTEM.value: _("Automatic act"),
    Role.NOBODY.value: "",
}
PURPOSES = {
    Purpose.CARE.value: pgettext_lazy("purpose", "Care"),
    Purpose.BREAK_GLASS.value: pgettext_lazy("purpose", "Emergency"),
    Purpose.EMERGENCY_CALL.value: pgettext_lazy("purpose", "Emergency call"),
    Purpose.DELEGATION.value: pgettext_lazy("purpose", "Delegation"),
    Purpose.REPRESENTATION.value: pgettext_lazy("purpose", "Representation"),
}


def count_in_words(*, count: int, emergencies: int, filters: list[str]) -> str:
    """« 5 accès, filtre : 30 derniers jours. Dont 1 en urgence. »"""
    said = ngettext("%(count)s act", "%(count)s acts", count) % {"count": count}
    if filters:
        said += gettext(", filter: %(filters)s") % {"filters": ", ".join(filters)}
    said += "."
    if emergencies:
        said += " " + ngettext(
            "%(count)s of them in an emergency.", "%(count)s of them in an emergency.", emergencies
        ) % {"count": emergencies}
    return said
