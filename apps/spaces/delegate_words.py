"""Words of delegations and representations: what is allowed, what never is, why something is refused."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.access import Section
from apps.spaces.models import InvitationState
from apps.spaces.models.people import MANAGE, READ
from apps.spaces.services.errors import InvitationFault

ALLOWED: Mapping[tuple[str, str], str | Promise] = {
    (Section.DOCUMENTS.value, READ): gettext_lazy("look at and download the documents one by one"),
    (Section.DOCUMENTS.value, MANAGE): gettext_lazy(
        "look at the documents, download them one by one, hide them from professionals and show them again"
    ),
    (Section.MESSAGES.value, READ): gettext_lazy("read the messages of the mailbox"),
    (Section.MESSAGES.value, MANAGE): gettext_lazy(
        "read the messages of the mailbox, answer them, close and delete conversations"
    ),
    (Section.HISTORY.value, READ): gettext_lazy("see who looked at the data"),
}
STATES: Mapping[InvitationState, str | Promise] = {
    InvitationState.PENDING: gettext_lazy("Awaiting an answer"),
    InvitationState.ACCEPTED: gettext_lazy("Accepted"),
    InvitationState.REFUSED: gettext_lazy("Refused"),
    InvitationState.EXPIRED: gettext_lazy("Expired"),
    InvitationState.WITHDRAWN: gettext_lazy("Cancelled"),
}
_ACTS: Mapping[str, str | Promise] = {
    "spaces.space.enter": gettext_lazy("Entered the space"),
    "dmp.list.read": gettext_lazy("Looked at the list of documents"),
    "dmp.document.read": gettext_lazy("Read a document"),
    "dmp.document.download": gettext_lazy("Downloaded a document"),
    "dmp.document.hide": gettext_lazy("Hid a document from professionals"),
    "dmp.document.unhide": gettext_lazy("Made a document visible again"),
    "mss.list.read": gettext_lazy("Looked at the list of messages"),
    "mss.message.read": gettext_lazy("Read a conversation"),
    "mss.message.send": gettext_lazy("Sent a message"),
    "mss.attachment.read": gettext_lazy("Opened a file of a message"),
    "mss.attachment.download": gettext_lazy("Downloaded a file of a message"),
}
ACTIONS = tuple(_ACTS)


def act_words(action: str) -> str:
    """What a relative did, in words."""
    return str(_ACTS[action])


def allowed_words(sections: Mapping[str, str]) -> list[str]:
    """What a delegation opens, one line a section, in their order."""
    return [str(words) for key, words in ALLOWED.items() if sections.get(key[0]) == key[1]]


def never_words() -> list[str]:
    """What nobody who helps may ever do (SPA-55), in the words of a reader who is the holder."""
    return [
        _("close your space"),
        _("change your contact details or your password"),
        _("invite other people"),
        _("download or erase all of your data"),
    ]


def never_words_about_another() -> list[str]:
    """The same for the person who helps."""
    return [
        _("close the space"),
        _("change the contact details or the password of its holder"),
        _("invite other people"),
        _("download or erase all of the data"),
    ]


def fault_words(fault: InvitationFault) -> str:
    """Why an invitation cannot be sent or accepted, and what to do (SPA-54)."""
    sentences = {
        InvitationFault.SAME_INVITATION: _(
            "An invitation of this person is already waiting. Cancel it first to send another one."
        ),
        InvitationFault.SAME_DELEGATION: _("This person already helps you, with the same rights."),
        InvitationFault.OTHER_DELEGATION: _(
            "This person already helps you, with other rights. Change these rights instead of inviting again."
        ),
        InvitationFault.HOLDER_LIMIT: _(
            "Three people at most may help you. Stop an access or cancel an invitation to free a place."
        ),
        InvitationFault.DELEGATE_LIMIT: _("This person already helps five people, which is the most."),
        InvitationFault.REPRESENTS_ALREADY: _("This person already represents the child."),
        InvitationFault.REPRESENTATIVES_LIMIT: _(
            "Two representatives are already recorded. Call us if one of them has to change."
        ),
        InvitationFault.NOT_A_CHILD: _("The holder of this space is of age: nobody can be invited to represent them."),
        InvitationFault.INVITER_ENDED: _("You no longer represent this child: nobody can be invited by you."),
    }
    return sentences[fault]


def fault_words_for_invited(fault: InvitationFault) -> str:
    """Why somebody cannot accept, in their own words."""
    sentences = {
        InvitationFault.HOLDER_LIMIT: _("Three people already help this person, which is the most."),
        InvitationFault.DELEGATE_LIMIT: _("You already help five people, which is the most. Stop helping one first."),
        InvitationFault.REPRESENTATIVES_LIMIT: _("Two representatives are already recorded."),
        InvitationFault.NOT_A_CHILD: _("The child has come of age: nobody represents them any more."),
        InvitationFault.INVITER_ENDED: _(
            "The person behind this invitation no longer represents this child. If you represent the child, call us."
        ),
    }
    return sentences.get(fault) or _("You already have a right in this space.")


def places_words(left: int) -> str:
    """« Vous pouvez encore inviter 2 personnes. »"""
    if left < 1:
        return _("Three people at most may help you: no place is left.")
    return ngettext("You may invite %(left)s more person.", "You may invite %(left)s more people.", left) % {
        "left": left
    }
