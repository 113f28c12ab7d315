"""Why the pages of a file are not shown, and where their preparation stands, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.dmp.models import Rendition
from apps.formats.decoding import MAX_PAGES

_REASONS: dict[str, str | Promise] = {
    "encrypted": gettext_lazy(
        "This file is protected by a password and cannot be shown here. Download it and open it with its password."
    ),
    "active": gettext_lazy(
        "This PDF contains active elements and is not shown here. You can download it; open it only if you trust the "
        "one who filed it."
    ),
    "damaged": gettext_lazy("This file is damaged and cannot be shown here. You can download it as it is."),
    "too-slow": gettext_lazy("Showing this file takes too long. You can download it."),
    "too-large": gettext_lazy("This file is too large to be shown here. You can download it."),
    "nothing": gettext_lazy("There is nothing to show in this file. You can download it as it is."),
    "lost": gettext_lazy("The content of this file cannot be found. Ask the one who filed it to send it again."),
}


def refusal_words(rendition: Rendition) -> str:
    """One or two sentences that end with what can be done."""
    if rendition.reason == "too-many-pages":
        return _("This file has more than %(limit)s pages and is not shown here. You can download it.") % {
            "limit": MAX_PAGES
        }
    return str(_REASONS.get(rendition.reason) or _REASONS["damaged"])


def waiting_words(rendition: Rendition) -> str:
    """« 3 pages sur 30 sont prêtes. »"""
    if rendition.pages == 0:
        return _("This file is being prepared. Come back in a moment, or download it.")
    return ngettext(
        "The pages are being prepared: %(made)s of %(total)s is ready. Come back in a moment, or download the file.",
        "The pages are being prepared: %(made)s of %(total)s are ready. Come back in a moment, or download the file.",
        rendition.pages_made,
    ) % {"made": rendition.pages_made, "total": rendition.pages}


def page_words(number: int, total: int) -> str:
    """« Page 3 sur 30 »."""
    return _("Page %(number)s of %(total)s") % {"number": number, "total": total}
