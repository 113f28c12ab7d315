"""A whole dossier to be read: for its publisher, and for pages of the back office that show it (`_dossier.html`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.store import orientation
from apps.store.criteria import Criterion
from apps.store.forms.candidacy import YES_OR_NO
from apps.store.models import Candidacy
from apps.store.services import progress
from apps.store.services.answering import content_of
from apps.store.services.progress import Overview
from apps.store.views import answer_words, consent_words, dossiers, sheet_words
from apps.store.views.section_words import PieceLine, line_of
from apps.ui import words
from apps.ui.components import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCriterion:
    """One criterion with its answer and files."""

    criterion: Criterion
    pairs: tuple[Pair, ...]
    pieces: tuple[PieceLine, ...]
    saved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSection:
    """`slug` is the anchor of the section."""

    slug: str
    label: str
    criteria: tuple[ReadCriterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    label: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that the publisher says."""

    profile: tuple[Pair, ...]
    sections: tuple[ReadSection, ...]
    sheet: tuple[Pair, ...]
    texts: tuple[ReadText, ...]
    pieces: tuple[PieceLine, ...]


def dossier_of(candidacy: Candidacy, *, at: datetime) -> Dossier:
    """Of a dossier that the reader may see: six queries."""
    overview, names = progress.overview_of(candidacy, at=at), progress.names_of(candidacy)
    return Dossier(
        profile=_profile(candidacy),
        sections=tuple(
            ReadSection(
                slug=state.section.slug,
                label=str(state.section.label),
                criteria=tuple(_criterion(overview, criterion, names) for criterion in state.criteria),
            )
            for state in overview.sections()
        ),
        sheet=sheet_words.pairs_of(overview.sheet),
        texts=tuple(
            ReadText(label=consent_words.label_of(row.category, row.direction), pairs=consent_words.pairs_of(row))
            for row in overview.texts
        ),
        pieces=tuple(line_of(piece) for piece in overview.pieces),
    )


def _profile(candidacy: Candidacy) -> tuple[Pair, ...]:
    labels = dict(YES_OR_NO)
    said = candidacy.orientation
    return (
        Pair(term=_("Kind of service"), value=capfirst(candidacy.get_service_kind_display())),
        Pair(term=_("Exchange of data"), value=capfirst(candidacy.get_exchange_display())),
        Pair(term=_("Lane"), value=capfirst(candidacy.get_lane_display())),
        *(
            Pair(term=str(question.label), value=str(labels.get(str(said.get(question.name)), _("No answer yet"))))
            for question in orientation.QUESTIONS
        ),
    )


def _criterion(overview: Overview, criterion: Criterion, names: Mapping[UUID, str]) -> ReadCriterion:
    answer = overview.answers.get(criterion.code)
    saved = ""
    if answer is not None:
        saved = dossiers.saved_by(names, answer.declared_by_id, words.moment(answer.declared_at))
    return ReadCriterion(
        criterion=criterion,
        pairs=answer_words.pairs_of(criterion.code, content_of(answer)),
        pieces=tuple(line_of(piece) for piece in overview.pieces if criterion.code in piece.row.criteria),
        saved=saved,
    )
