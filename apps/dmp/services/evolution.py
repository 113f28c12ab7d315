"""Results of one analysis over time, from all documents of the space that hold it and that the reader may see (D-03).

Figures are never converted: each unit has a series of its own. Nothing here judges a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from apps.access import Actor
from apps.audit.services import Line, record
from apps.common.dates import PartialDate
from apps.dmp.models import Document, Wording
from apps.dmp.models.wording import word_of_code
from apps.dmp.services.errors import DocumentNotFoundError
from apps.dmp.services.reading import document_of
from apps.files.blind import WordMarks, unseal_text, word_marks
from apps.files.crypto import TamperedError
from apps.files.keys import MasterKeyMissingError, VaultDestroyedError
from apps.files.models import StoredFile
from apps.formats.cda.measured import Measured, loaded

if TYPE_CHECKING:
    from apps.dmp.querysets import DocumentQuerySet

SEVERAL = 2  # documents that make an evolution
MAX_CODES = 40  # analyses of one document that are looked for in the others
MAX_DOCUMENTS = 100  # newest ones, of which figures are shown
_CLOSED = (VaultDestroyedError, MasterKeyMissingError, TamperedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """An analysis that several documents hold; `number`: its place among the figures of the document at hand."""

    number: int
    name: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure where it stands. `on` is its day, month or year as written, that of the document without one."""

    figure: Measured
    document: Document
    on: PartialDate | None

    @property
    def day(self) -> date:
        """For sorting."""
        return self.on.earliest() if self.on else self.document.sorted_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Figures in one unit (UCUM, empty for none), the earliest first."""

    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evolution:
    """One analysis: series by unit, the longest first. `is_cut`: older documents hold more of it."""

    document: Document
    name: str
    series: tuple[Series, ...]
    is_cut: bool


def followed_in(*, actor: Actor, document: Document) -> tuple[Followed, ...]:
    """What this document and at least one other hold, as far as the actor may see them; three queries at most."""
    figures = _own_figures(document)
    if not figures:
        return ()
    first = _first_of_each(figures)
    marks = _marks(document)
    counts = {f"n{number}": Count("id", filter=_holds(marks, figure.code)) for number, figure in first.items()}
    found = _rows(actor).aggregate(**counts)
    followed = (
        Followed(number=number, name=figure.name, documents=found[f"n{number}"]) for number, figure in first.items()
    )
    return tuple(one for one in followed if one.documents >= SEVERAL)


def evolution_of(*, actor: Actor, document_id: UUID, number: int, at: datetime) -> Evolution:
    """All figures of the analysis that stands at `number` in a document. It shows contents: one line (SEC-13).

    Raises `DocumentNotFoundError`, also when fewer than two documents hold the analysis.
    """
    document = document_of(actor=actor, document_id=document_id)
    own = _first_of_each(_own_figures(document)).get(number) if actor.is_holder_side else None
    if own is None:
        raise DocumentNotFoundError(document_id)
    rows = _rows(actor).filter(_holds(_marks(document), own.code)).order_by("-document__sorted_on", "-document_id")
    held = dict(rows.values_list("document_id", "figures")[: MAX_DOCUMENTS + 1])
    if len(held) < SEVERAL:
        raise DocumentNotFoundError(document_id)
    shown = list(held)[:MAX_DOCUMENTS]
    others = Document.objects.visible_to(actor).filter(id__in=shown).select_related("file__vault").order_by("id")
    points = [
        Point(figure=figure, document=other, on=_day_of(figure, other))
        for other in others
        for figure in _opened(other, held[other.id])
        if figure.code == own.code
    ]
    record(actor=actor, at=at, line=Line(action="dmp.results.follow", target=f"document:{document.id}"))
    return Evolution(document=document, name=own.name, series=_series(points), is_cut=len(held) > MAX_DOCUMENTS)


def _series(points: Iterable[Point]) -> tuple[Series, ...]:
    by_unit: dict[str, list[Point]] = {}
    for point in sorted(points, key=lambda point: (point.day, point.figure.at)):
        by_unit.setdefault(point.figure.unit, []).append(point)
    found = [Series(unit=unit, points=tuple(items)) for unit, items in by_unit.items()]
    return tuple(sorted(found, key=lambda one: -len(one.points)))


def _rows(actor: Actor) -> QuerySet[Wording]:
    """Of current, clean documents that the actor may see."""
    seen: DocumentQuerySet = Document.objects.visible_to(actor).current_for(actor)
    seen = seen.filter(file__state=StoredFile.State.CLEAN)
    return Wording.objects.filter(space_id=actor.space_id, figures__isnull=False, document_id__in=seen.values("id"))


def _holds(marks: WordMarks, code: str) -> Q:
    return Q(GreaterThan(StrIndex("marks", Value(marks.mark(word_of_code(code)))), 0))


def _marks(document: Document) -> WordMarks:
    return word_marks(document.file.vault)


def _own_figures(document: Document) -> tuple[Measured, ...]:
    if not document.file.is_readable or document.availability == Document.Availability.DELETED:
        return ()
    rows = Wording.objects.filter(space_id=document.space_id, document_id=document.id, figures__isnull=False)
    sealed = rows.values_list("figures", flat=True).first()
    return () if sealed is None else _opened(document, sealed)


def _opened(document: Document, sealed: bytes | memoryview | None) -> tuple[Measured, ...]:
    bound_to = Wording(space_id=document.space_id, document_id=document.id).figures_bound_to
    try:
        return loaded(unseal_text(vault=document.file.vault, bound_to=bound_to, sealed=bytes(sealed or b"")))
    except _CLOSED:
        return ()


def _first_of_each(figures: Iterable[Measured]) -> Mapping[int, Measured]:
    found: dict[str, tuple[int, Measured]] = {}
    for number, figure in enumerate(figures):
        found.setdefault(figure.code, (number, figure))
    return dict(list(found.values())[:MAX_CODES])


def _day_of(figure: Measured, document: Document) -> PartialDate | None:
    written = figure.at.partition("T")[0]
    return PartialDate.parse(written) if written else document.created_on
