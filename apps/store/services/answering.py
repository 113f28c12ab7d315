"""Answers to criteria, saved section by section; two members at once lose nothing (STO-29, PU-05, S34)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import criteria, transitions
from apps.store.models import Answer, Candidacy
from apps.store.services import drafting
from apps.store.services.errors import WrongValueError

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one answer says; `data` without its empty fields."""

    value: str = ""
    comment: str = ""
    data: Data

    @property
    def mark(self) -> str:
        """Fingerprint of the words: tells an answer that somebody has changed from one that only stood on the page.

        Browsers send other ends of lines than they were given: these do not count.
        """
        comment = "\n".join(self.comment.split("\r\n")).strip()
        said = json.dumps([self.value, comment, self.data], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


EMPTY = Content(data={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer as a form sends it back: what was typed, and what the page had shown: `version` and `mark`."""

    criterion: str
    content: Content
    version: int = 0
    mark: str = EMPTY.mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Another member has saved this answer meanwhile: `mine` was not written, `theirs` stands (S34)."""

    criterion: str
    mine: Content
    theirs: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Criteria that were written, and those where somebody has to choose."""

    written: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()


@transaction.atomic
def save_answers(*, actor: Actor, candidacy_id: UUID, section: str, entries: Iterable[Entry], at: datetime) -> Saved:
    """Save what a member has changed on a page; an answer that stands there as the page showed it is not touched.

    An answer that another member has changed meanwhile is not overwritten: it comes back in `clashes`, all others are
    saved, also those to criteria that have stopped to apply since the page was opened (STO-28). Raises `LockedError`
    once the dossier is sent, `WrongValueError` for an unknown criterion, `UnknownRowError`, `AccessDeniedError`.
    """
    candidacy = drafting.draft_of(actor=actor, candidacy_id=candidacy_id)
    saved = write(actor=actor, candidacy=candidacy, entries=entries, at=at)
    if saved.written:
        transitions.touch(candidacy, at=at)
        facts = {"answers": len(saved.written), "clashes": len(saved.clashes)}
        drafting.traced(actor=actor, candidacy=candidacy, act="candidacy.save", at=at, section=section, **facts)
    return saved


def write(*, actor: Actor, candidacy: Candidacy, entries: Iterable[Entry], at: datetime) -> Saved:
    """The same for a dossier whose row the caller has locked, in a state in which it may be changed."""
    rows = {answer.criterion: answer for answer in candidacy.answers.all()}
    written, clashes = [], []
    for entry in entries:
        if criteria.criterion_of(candidacy.referential, entry.criterion) is None:
            raise WrongValueError("criterion", entry.criterion)
        row = rows.get(entry.criterion)
        if entry.content.mark in {entry.mark, content_of(row).mark}:
            continue  # not touched, or the same words by two people
        if row is not None and row.version != entry.version:
            clashes.append(Clash(criterion=entry.criterion, mine=entry.content, theirs=row))
            continue
        _write(actor, candidacy, row, entry, at)
        written.append(entry.criterion)
    return Saved(written=tuple(written), clashes=tuple(clashes))


def content_of(row: Answer | None) -> Content:
    """What an answer says now; without a row, nothing."""
    return EMPTY if row is None else Content(value=row.value, comment=row.comment, data=row.data)


def _write(actor: Actor, candidacy: Candidacy, row: Answer | None, entry: Entry, at: datetime) -> None:
    content, version = entry.content, row.version + 1 if row is not None else 1
    values = {
        "value": content.value,
        "comment": content.comment,
        "data": dict(content.data),
        "version": version,
        "declared_by_id": drafting.author_of(actor),
        "declared_at": at,
    }
    if row is None:
        Answer.objects.create(candidacy=candidacy, criterion=entry.criterion, **values)
    else:
        Answer.objects.filter(id=row.id).update(**values)
