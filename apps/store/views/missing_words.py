"""What a draft still lacks, line by line, each with the page where it is put right (PU-07)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.files.models import StoredFile
from apps.store import orientation
from apps.store.services.progress import Overview
from apps.store.views import hub_words, sheet_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that is missing."""

    text: str
    url: str


def missing_of(overview: Overview) -> tuple[Missing, ...]:
    """Everything that keeps the dossier from being sent; empty: it may be sent."""
    return tuple(_lines(overview))


def _lines(overview: Overview) -> Iterator[Missing]:
    candidacy = overview.candidacy
    left = len(orientation.NAMES) - overview.oriented
    if left:
        text = ngettext("Orientation: %(count)s question", "Orientation: %(count)s questions", left)
        yield Missing(text=text % {"count": left}, url=reverse("store:orientation", args=[candidacy.id]))
    yield from _criteria(overview)
    if overview.empty_fields:
        fields = ", ".join(sheet_words.field_label(name) for name in overview.empty_fields)
        yield Missing(
            text=_("Public page: %(fields)s") % {"fields": fields},
            url=reverse("store:candidacy_sheet", args=[candidacy.id]),
        )
    for direction in overview.open_texts:
        yield Missing(
            text=_("Information of holders: no category of data to %(direction)s is described")
            % {"direction": direction.label},
            url=reverse("store:consent_texts", args=[candidacy.id]),
        )
    for piece in overview.pieces:
        if piece.state != StoredFile.State.CLEAN:
            facts = {"title": piece.row.title, "state": StoredFile.State(piece.state).label}
            yield Missing(text=_("Piece “%(title)s”: %(state)s") % facts, url=hub_words.pieces_url(candidacy))


def _criteria(overview: Overview) -> Iterator[Missing]:
    unproved = {criterion.code for criterion in overview.unproved}
    for state in overview.sections():
        page = reverse("store:candidacy_section", args=[overview.candidacy.id, state.section.slug])
        for criterion in state.criteria:
            if criterion.code not in state.complete:
                facts = {"section": state.section.label, "question": criterion.question}
                text = _("%(section)s: %(question)s") % facts
                if criterion.code in unproved:
                    text = _("%(what)s (with a piece)") % {"what": text}
                yield Missing(text=text, url=f"{page}#{criterion.code}")
