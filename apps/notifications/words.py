"""Words of the centre: what happened, without health content and without anybody's name (H-02, NOT-15)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import SecurityEvent
from apps.notifications.kinds import Kind

_PLAIN: dict[Kind, str | Promise] = {
    Kind.NEW_DOCUMENT: _("A document was added"),
    Kind.WITHDRAWN_DOCUMENT: _("A document was withdrawn by its author"),
    Kind.NEW_MESSAGE: _("You have a new message in your health space"),
    Kind.ANNOUNCED_RESULT: _("An update of your record is to be discovered with a health professional"),
    Kind.SECURITY: _("Something changed in the security of your account"),
    Kind.DELEGATION: _("The access of a relative or of a representative changed"),
    Kind.PRIVACY_CHANGE: _("A choice about who may see the data was changed"),
    Kind.ADMINISTRATOR: _("A professional who administers the space changed"),
}
WHY_ALWAYS: dict[Kind, str | Promise] = {
    Kind.PROFESSIONAL_READ: _("You must be able to react to an access that surprises you; grouped by hour."),
    Kind.EMERGENCY_ACCESS: _("The law asks that you are told after each one, at once."),
    Kind.SECURITY: _("You must be able to react when somebody else acts in your name."),
    Kind.DELEGATION: _("Acts with legal effect are always told."),
    Kind.PRIVACY_CHANGE: _("Acts with legal effect are always told."),
    Kind.ADMINISTRATOR: _("Acts with legal effect are always told."),
    Kind.WITHDRAWN_DOCUMENT: _("You must be able to react when something leaves your record."),
    Kind.ANNOUNCED_RESULT: _("The law asks that you are told after two weeks."),
}


def sentence_of(kind: Kind, *, count: int, code: str = "") -> str:
    """What a notice says; `count`: its documents that the reader may see; `code`: which event of the account."""
    match kind:
        case Kind.SECURITY if code in SecurityEvent.Kind.values:
            return gettext("Security of your account: %(event)s") % {"event": SecurityEvent.Kind(code).label.lower()}
        case Kind.PROFESSIONAL_READ if count:
            return ngettext(
                "A professional looked at %(count)s document", "A professional looked at %(count)s documents", count
            ) % {"count": count}
        case Kind.PROFESSIONAL_READ:
            return gettext("A professional looked at the space")
        case Kind.EMERGENCY_ACCESS if count:
            return ngettext(
                "Emergency access: a professional looked at %(count)s document",
                "Emergency access: a professional looked at %(count)s documents",
                count,
            ) % {"count": count}
        case Kind.EMERGENCY_ACCESS:
            return gettext("Emergency access: a professional looked at the space")
        case _:
            return str(_PLAIN[kind])


def unread_in_words(count: int) -> str:
    """« 3 notifications non lues », for the bell and the centre."""
    if not count:
        return gettext("No unread notification")
    return ngettext("%(count)s unread notification", "%(count)s unread notifications", count) % {"count": count}


def count_in_words(count: int) -> str:
    """How many notices a list shows."""
    return ngettext("%(count)s notification", "%(count)s notifications", count) % {"count": count}
