"""Why an attachment was not saved, in words that say what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.dmp.refusals import deposit_refusal_words
from apps.dmp.services import Refusal
from apps.journeys.services.saving import Fault

_WORDS: dict[Fault, str | Promise] = {
    Fault.TYPE: _("Your documents take PDF, text and picture files only. It stays in the message."),
    Fault.METADATA: _(
        "The metadata of this archive are missing: nobody can say what its files are. It stays in the message."
    ),
    Fault.SIZE: _("This file is too large: your documents take 5 MB at most. It stays in the message."),
    Fault.WAITING: _("The antivirus check of this file is not finished. Come back in a few minutes."),
    Fault.INFECTED: _("This file holds a virus. It cannot be saved or opened."),
    Fault.GONE: _("This file is not there any more."),
    Fault.AWAY: _("Files cannot be read at the moment. Come back in a few minutes."),
    Fault.REPLACED: _("A later version of this document is in your documents already."),
    Fault.UNREADABLE: _("This document cannot be read. It stays in the message."),
    Fault.REFUSED: _("Your documents do not take this document. It stays in the message."),
}


def fault_words(fault: Fault, refusal: Refusal | None = None) -> str:
    """One sentence or two; with the reason of the record where it gave one."""
    said = str(_WORDS[fault])
    return said if refusal is None else f"{said} {deposit_refusal_words(refusal)}"
