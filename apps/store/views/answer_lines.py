"""Answers of a dossier as the back office reads them: words, fields, pieces, what has changed (RV-02, RV-04)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.files.models import StoredFile
from apps.store import criteria, subjects
from apps.store.criteria import Criterion
from apps.store.models import Answer, Candidacy, Evidence
from apps.store.services.answering import content_of
from apps.store.services.comparing import Before, Change
from apps.store.views.answer_words import pairs_of
from apps.ui import words
from apps.ui.components import Pair

State = StoredFile.State
_STATES: Mapping[str, str | Promise] = {
    State.CLEAN: gettext_lazy("no virus found"),
    State.WAITING: gettext_lazy("antivirus at work: opens later"),
    State.INFECTED: gettext_lazy("virus found: never opened"),
}
_OTHERWISE = gettext_lazy("cannot be opened")
_CHANGES: Mapping[Change, str | Promise] = {
    Change.NEW: gettext_lazy("new since dossier %(number)s"),
    Change.CHANGED: gettext_lazy("changed since dossier %(number)s"),
    Change.SAME: gettext_lazy("as in dossier %(number)s"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file: where it opens (empty while it does not), what is known about it, secrets that were seen in it.

    `state`: of the antivirus; `alternative`: text of a screenshot.
    """

    id: UUID
    title: str
    name: str
    about: str
    state: str
    alternative: str
    url: str
    is_current: bool
    has_secrets: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One criterion with what the publisher says; `former`: the words of the dossier before, where they differ."""

    place: int
    code: str
    question: str
    is_blocking: bool
    answer: tuple[Pair, ...]
    pieces: tuple[Piece, ...]
    change: str
    is_changed: bool
    former: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLines:
    slug: str
    label: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What is read of a dossier to show its answers."""

    answers: Mapping[str, Answer]
    pieces: tuple[Piece, ...]
    by_criterion: Mapping[str, tuple[Piece, ...]]


def read(case: Candidacy) -> Read:
    """Answers, pieces and states of their files: three queries."""
    answers = {row.criterion: row for row in case.answers.all()}
    evidence = list(subjects.current_evidence(case).exclude(use=Evidence.Use.CORRESPONDENCE))
    pieces = _pieces(case, evidence)
    by_criterion: dict[str, tuple[Piece, ...]] = {}
    for row in evidence:
        for code in row.criteria:
            by_criterion[code] = (*by_criterion.get(code, ()), pieces[row.id])
    return Read(answers=answers, pieces=tuple(pieces.values()), by_criterion=by_criterion)


def named(case: Candidacy, ids: Iterable[UUID]) -> Mapping[UUID, Piece]:
    """Files that messages and answers name, also those that were replaced since: two queries, none without ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    return _pieces(case, list(Evidence.objects.filter(candidacy=case, pk__in=wanted).order_by("id")))


def sections(case: Candidacy, found: Read, before: Before) -> list[SectionLines]:
    """All applicable criteria, by section of the dossier, empty ones left out."""
    applies = subjects.criteria_of(case)
    places = {criterion.code: place for place, criterion in enumerate(applies, start=1)}
    made = []
    for section in criteria.SECTIONS:
        inside = criteria.in_section(applies, section.slug)
        lines = tuple(line(one, places[one.code], found, before) for one in inside)
        if lines:
            made.append(SectionLines(slug=section.slug, label=str(section.label), lines=lines))
    return made


def line(criterion: Criterion, place: int, found: Read, before: Before) -> AnswerLine:
    """One criterion."""
    answer = found.answers.get(criterion.code)
    change = before.change(answer) if answer is not None else None
    former = before.answers.get(criterion.code) if change is Change.CHANGED else None
    return AnswerLine(
        place=place,
        code=criterion.code,
        question=criterion.question,
        is_blocking=criterion.is_blocking,
        answer=pairs_of(criterion.code, content_of(answer)),
        pieces=found.by_criterion.get(criterion.code, ()),
        change=str(_CHANGES[change]) % {"number": before.number} if change is not None else "",
        is_changed=change in {Change.NEW, Change.CHANGED},
        former=_former(former, criterion),
    )


def changed_count(made: Collection[SectionLines]) -> int:
    return sum(one.is_changed for section in made for one in section.lines)


def _former(answer: Answer | None, criterion: Criterion) -> str:
    if answer is None:
        return ""
    return " · ".join(pair.value for pair in pairs_of(criterion.code, content_of(answer)))


def _pieces(case: Candidacy, rows: Collection[Evidence]) -> dict[UUID, Piece]:
    states = subjects.states_of(rows)
    return {row.id: _piece(case, row, states.get((row.vault_id, row.file_id))) for row in rows}


def _piece(case: Candidacy, row: Evidence, stored: StoredFile | None) -> Piece:
    state = stored.state if stored is not None else ""
    words_of_state = str(_STATES.get(state, _OTHERWISE))
    use = [] if row.use == Evidence.Use.EVIDENCE else [str(row.get_use_display())]
    about = [*use, row.name, words.file_size(row.size), _("added on %(day)s") % {"day": words.day(row.added_at)}]
    if row.valid_until is not None:
        about.append(_("valid until %(day)s") % {"day": words.day(row.valid_until)})
    about.append(words_of_state)
    url = reverse("store:case_evidence", args=[case.id, row.id]) if state == State.CLEAN else ""
    return Piece(
        id=row.id, title=row.title, name=row.name, about=" · ".join(about), state=words_of_state,
        alternative=row.alternative, url=url, is_current=row.removed_at is None, has_secrets=bool(row.secrets_found),
    )  # fmt: skip
