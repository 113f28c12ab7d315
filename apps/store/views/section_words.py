"""PU-05: one section as the page shows it: each criterion with its fields, files, and what another member says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.forms import BoundField

from apps.files.models import StoredFile
from apps.store.criteria import Criterion
from apps.store.forms.section import SectionForm
from apps.store.services.answering import Clash, content_of
from apps.store.services.progress import Overview, Piece
from apps.store.views import answer_words, dossiers
from apps.store.views.dossiers import Theirs
from apps.ui import words


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceLine:
    """A file that is linked to a criterion."""

    title: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One criterion of the page. `saved`: who saved it last, and when; `theirs`: the answer of another member."""

    criterion: Criterion
    seen: BoundField
    fields: list[BoundField]
    pieces: tuple[PieceLine, ...]
    saved: str
    is_complete: bool
    has_failed: bool
    theirs: Theirs | None


def groups_of(
    form: SectionForm, overview: Overview, names: Mapping[UUID, str], clashes: Sequence[Clash] = ()
) -> list[Group]:
    """The criteria of the form, in their order."""
    clashing = {clash.criterion: _theirs(clash, names) for clash in clashes}
    done = {code for state in overview.sections() for code in state.complete}
    return [
        Group(
            criterion=criterion,
            seen=seen,
            fields=fields,
            pieces=tuple(line_of(piece) for piece in overview.pieces if criterion.code in piece.row.criteria),
            saved=_saved(overview, criterion.code, names),
            is_complete=criterion.code in done,
            has_failed=criterion.code in overview.failed,
            theirs=clashing.get(criterion.code),
        )
        for criterion, fields, seen in form.groups()
    ]


def line_of(piece: Piece) -> PieceLine:
    """A file with the words of its state."""
    return PieceLine(title=piece.row.title, state=str(StoredFile.State(piece.state).label))


def _saved(overview: Overview, code: str, names: Mapping[UUID, str]) -> str:
    answer = overview.answers.get(code)
    if answer is None:
        return ""
    return dossiers.saved_by(names, answer.declared_by_id, words.moment(answer.declared_at))


def _theirs(clash: Clash, names: Mapping[UUID, str]) -> Theirs:
    row = clash.theirs
    return Theirs(
        said=dossiers.changed_by(names, row.declared_by_id, words.moment(row.declared_at)),
        pairs=answer_words.pairs_of(clash.criterion, content_of(row)),
    )
