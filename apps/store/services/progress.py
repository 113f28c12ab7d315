"""How far a dossier has got: each section with its answers, what fails in it, who saved last (PU-04, PU-05)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import F, Max, OuterRef, Subquery

from apps.common.dates import PARIS
from apps.files.models import StoredFile
from apps.store import orientation, subjects
from apps.store.checks import registry
from apps.store.criteria import SECTIONS, Criterion, Section, in_section
from apps.store.models import Answer, Candidacy, CandidacyStep, ConsentText, Evidence, Member, Sheet

# States of a file that somebody has to put right; `waiting` passes by itself.
_BAD = frozenset(StoredFile.State.values) - {StoredFile.State.CLEAN, StoredFile.State.WAITING}


class Progress(StrEnum):
    """State of one task of the list."""

    TO_DO = "to-do"
    RUNNING = "running"
    DONE = "done"
    TO_CORRECT = "to-correct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A current file of the dossier with the state of its antivirus check."""

    row: Evidence
    state: str

    def is_over(self, at: datetime) -> bool:
        """Whether what it proves has ended (STO-30)."""
        return self.row.valid_until is not None and self.row.valid_until < at.astimezone(PARIS).date()

    @property
    def is_bad(self) -> bool:
        return self.state in _BAD


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionState:
    """One section with the criteria that apply; `complete`: codes of whole answers; `failed`: of answers that a check
    contradicts; `last`: the answer that was saved last.
    """

    section: Section
    criteria: tuple[Criterion, ...]
    complete: frozenset[str]
    failed: frozenset[str]
    started: int
    last: Answer | None

    @property
    def progress(self) -> Progress:
        if self.failed:
            return Progress.TO_CORRECT
        if len(self.complete) == len(self.criteria):
            return Progress.DONE
        return Progress.RUNNING if self.started else Progress.TO_DO


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A dossier as its publisher sees it while it is written. No query."""

    candidacy: Candidacy
    answers: Mapping[str, Answer]
    pieces: tuple[Piece, ...]
    sheet: Sheet | None
    texts: tuple[ConsentText, ...]
    failed: frozenset[str]
    at: datetime

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return subjects.criteria_of(self.candidacy)

    @property
    def proved(self) -> frozenset[str]:
        """Codes of criteria that a current file is linked to."""
        return frozenset(code for piece in self.pieces for code in piece.row.criteria)

    def sections(self) -> tuple[SectionState, ...]:
        """Sections in which something applies, in their order."""
        found = (self.section(section) for section in SECTIONS)
        return tuple(state for state in found if state.criteria)

    def section(self, section: Section) -> SectionState:
        """One section."""
        asked = in_section(self.criteria, section.slug)
        given = {one.code: self.answers.get(one.code) for one in asked}
        whole = [one.code for one in asked if subjects.is_answered(one, given[one.code], proved=self.proved)]
        saved = [answer for answer in given.values() if answer is not None]
        return SectionState(
            section=section,
            criteria=asked,
            complete=frozenset(whole),
            failed=self.failed.intersection(given),
            started=len(saved),
            last=max(saved, key=lambda answer: answer.declared_at, default=None),
        )

    @property
    def oriented(self) -> int:
        """Number of questions of the orientation that have an answer."""
        said = self.candidacy.orientation
        return sum(said.get(name) in {orientation.YES, orientation.NO} for name in orientation.NAMES)

    @property
    def unproved(self) -> tuple[Criterion, ...]:
        """Criteria that want a file and have none, unless they are said not to apply."""
        return tuple(
            criterion
            for criterion in self.criteria
            if criterion.code in subjects.NEEDS_FILE - self.proved and not _is_waived(self.answers.get(criterion.code))
        )

    @property
    def empty_fields(self) -> tuple[str, ...]:
        """Fields of the public page that are empty."""
        if self.sheet is None:
            return subjects.PAGE_FIELDS
        return tuple(name for name in subjects.PAGE_FIELDS if not getattr(self.sheet, name))

    @property
    def open_texts(self) -> tuple[ConsentText.Direction, ...]:
        """Directions in which data are asked for without any text of information."""
        written = {text.direction for text in self.texts}
        return tuple(one for one in subjects.directions_of(self.candidacy) if one not in written)


def overview_of(candidacy: Candidacy, *, at: datetime) -> Overview:
    """Everything at once: five queries."""
    answers = {row.criterion: row for row in candidacy.answers.all()}
    written_first = F("shown_at").asc(nulls_first=True)
    return Overview(
        candidacy=candidacy,
        answers=answers,
        pieces=pieces_of(candidacy),
        sheet=candidacy.sheets.filter(replaced_at=None).order_by(written_first, "id").first(),
        texts=tuple(subjects.texts_of(candidacy).order_by("direction", "category")),
        failed=_failed(candidacy, answers),
        at=at,
    )


def pieces_of(candidacy: Candidacy) -> tuple[Piece, ...]:
    """Current files with their state: one query."""
    stored = StoredFile.objects.filter(vault_id=OuterRef("vault_id"), id=OuterRef("file_id"))
    rows = subjects.current_evidence(candidacy).annotate(file_state=Subquery(stored.values("state")[:1]))
    return tuple(Piece(row=row, state=row.file_state or StoredFile.State.WAITING) for row in rows)


def names_of(candidacy: Candidacy) -> dict[UUID, str]:
    """Names of the people who act or have acted for the publisher, by the id of their account: one query."""
    rows = Member.objects.filter(publisher_id=candidacy.publisher_id).order_by("started_at", "id")
    return dict(rows.values_list("user_id", "name"))


def _is_waived(answer: Answer | None) -> bool:
    return answer is not None and answer.value == Answer.Value.NOT_APPLICABLE


def _failed(candidacy: Candidacy, answers: Mapping[str, Answer]) -> frozenset[str]:
    """Criteria of checks of the last round that failed, unless the answer is newer than the check."""
    last = CandidacyStep.objects.filter(candidacy=candidacy).values("candidacy").annotate(last=Max("round"))
    rows = candidacy.steps.filter(subjects.FAILED, round=Subquery(last.values("last")))
    found = set()
    for kind, finished_at in rows.values_list("kind", "finished_at"):
        code = registry.CHECKS[kind].criterion if kind in registry.CHECKS else ""
        answer = answers.get(code)
        if answer is not None and finished_at is not None and answer.declared_at <= finished_at:
            found.add(code)
    return frozenset(found)
