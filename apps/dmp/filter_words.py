"""Filters and counts of the document list in words (D-01)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.dmp.filters import Filters, PeriodChoice, StateChoice
from apps.dmp.words import Words, category_label
from apps.ui.words import day

_STATES: dict[StateChoice, Words] = {
    StateChoice.NEW: gettext_lazy("New documents"),
    StateChoice.HIDDEN: gettext_lazy("Hidden documents"),
    StateChoice.PINNED: gettext_lazy("Pinned documents"),
    StateChoice.MINE: gettext_lazy("Documents added by me"),
    StateChoice.ADDED: gettext_lazy("Documents added in this space"),
    StateChoice.ARCHIVED: gettext_lazy("Archived documents"),
}


def filter_label(filters: Filters, name: str) -> str:
    """One active filter as its tag says it: « 12 derniers mois », « Imagerie »."""
    match name:
        case "words":
            return _("“%(words)s”") % {"words": filters.words}
        case "category":
            return category_label(filters.category)
        case "period":
            return _period(filters)
        case "state":
            return str(_STATES[filters.state])
        case "folder":
            named = {"name": filters.folder_name}
            return _("Folder “%(name)s”") % named if filters.folder_name else _("Deleted folder")
        case _:
            return filters.place if name == "place" else filters.author


def labels_in_sentence(filters: Filters) -> str:
    """All active filters one after the other: « imagerie, 3 derniers mois »; names of people keep their capital."""
    labels = []
    for name in filters.active:
        label = filter_label(filters, name)
        labels.append(label if name in {"author", "place", "words"} else label[:1].lower() + label[1:])
    return ", ".join(labels)


def count_words(filters: Filters, *, total: int, new: int) -> str:
    """« 12 documents, filtre : 12 derniers mois. 2 nouveaux. »"""
    if not total:
        if not filters.active:
            return _("No document.")
        return _("No document for: %(filters)s.") % {"filters": labels_in_sentence(filters)}
    said = ngettext("%(count)s document", "%(count)s documents", total) % {"count": total}
    if filters.active:
        pattern = ngettext(
            "%(documents)s, filter: %(filters)s", "%(documents)s, filters: %(filters)s", len(filters.active)
        )
        said = pattern % {"documents": said, "filters": labels_in_sentence(filters)}
    sentences = [f"{said}."]
    if new:
        sentences.append(ngettext("%(count)s new.", "%(count)s new ones.", new) % {"count": new})
    return " ".join(sentences)


def _period(filters: Filters) -> str:
    match filters.period:
        case PeriodChoice.THREE_MONTHS:
            return _("Last 3 months")
        case PeriodChoice.TWELVE_MONTHS:
            return _("Last 12 months")
        case _:
            return _dates(filters)


def _dates(filters: Filters) -> str:
    first, last = (day(date.fromisoformat(text)) if text else "" for text in (filters.first, filters.last))
    if first and last:
        return _("From %(first)s to %(last)s") % {"first": first, "last": last}
    return _("Since %(first)s") % {"first": first} if first else _("Until %(last)s") % {"last": last}
