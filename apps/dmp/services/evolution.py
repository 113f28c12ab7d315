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
from apps.files.blind import CLOSED, VaultWords, words_of_vault
from apps.files.crypto import TamperedError
from apps.files.models import StoredFile
from apps.formats.cda.measured import Measured, loaded

if TYPE_CHECKING:
    from apps.dmp.querysets import DocumentQuerySet

SEVERAL = 2  # documents that make an evolution
MAX_CODES = 40  # analyses of one document that are looked for in the others
MAX_DOCUMENTS = 100  # newest ones, of which figures are shown


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """The document at hand: the words of its space, its figures by their place, the first of each analysis."""

    words: VaultWords
    figures: Mapping[int, Measured]

    def held(self, figure: Measured) -> Q:
        """Documents that hold the same analysis."""
        return Q(GreaterThan(StrIndex("marks", Value(self.words.mark(word_of_code(figure.code)))), 0))


def followed_in(*, actor: Actor, document: Document) -> tuple[Followed, ...]:
    """What this document and at least one other hold, as far as the holder's side may see them; two queries at most."""
    own = _own(actor, document)
    if own is None:
        return ()
    counts = {f"n{number}": Count("id", filter=own.held(figure)) for number, figure in own.figures.items()}
    found = _rows(actor).aggregate(**counts)
    followed = (
        Followed(number=number, name=figure.name, documents=found[f"n{number}"])
        for number, figure in own.figures.items()
    )
    return tuple(one for one in followed if one.documents >= SEVERAL)


def evolution_of(*, actor: Actor, document_id: UUID, number: int, at: datetime) -> Evolution:
    """All figures of the analysis that stands at `number` in a document. It shows contents: one line (SEC-13).

    Raises `DocumentNotFoundError`, also when fewer than two documents hold the analysis.
    """
    document = document_of(actor=actor, document_id=document_id)
    own = _own(actor, document)
    if own is None or number not in own.figures:
        raise DocumentNotFoundError(document_id)
    wanted = own.figures[number]
    rows = _rows(actor).filter(own.held(wanted)).order_by("-document__sorted_on", "-document_id")
    held = dict(rows.values_list("document_id", "figures")[: MAX_DOCUMENTS + 1])
    if len(held) < SEVERAL:
        raise DocumentNotFoundError(document_id)
    others = Document.objects.visible_to(actor).filter(id__in=list(held)[:MAX_DOCUMENTS]).order_by("id")
    points = [
        Point(figure=figure, document=other, on=_day_of(figure, other))
        for other in others
        for figure in _opened(own.words, other, held[other.id])
        if figure.code == wanted.code
    ]
    record(actor=actor, at=at, line=Line(action="dmp.results.follow", target=f"document:{document.id}"))
    return Evolution(document=document, name=wanted.name, series=_series(points), is_cut=len(held) > MAX_DOCUMENTS)


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


def _own(actor: Actor, document: Document) -> _Own | None:
    """None for professionals, for a document without figures, and while its vault cannot be opened."""
    readable = document.file.is_readable and document.availability != Document.Availability.DELETED
    if not readable or not actor.is_holder_side:
        return None
    rows = Wording.objects.filter(space_id=document.space_id, document_id=document.id, figures__isnull=False)
    sealed = rows.values_list("figures", flat=True).first()
    if sealed is None:
        return None
    try:
        words = words_of_vault(document.file.vault)
    except CLOSED:
        return None
    first: dict[str, tuple[int, Measured]] = {}
    for number, figure in enumerate(_opened(words, document, sealed)):
        first.setdefault(figure.code, (number, figure))
    return _Own(words=words, figures=dict(list(first.values())[:MAX_CODES]))


def _opened(words: VaultWords, document: Document, sealed: bytes | memoryview | None) -> tuple[Measured, ...]:
    bound_to = Wording(space_id=document.space_id, document_id=document.id).figures_bound_to
    try:
        return loaded(words.unseal(bytes(sealed or b""), bound_to=bound_to))
    except TamperedError:
        return ()


def _day_of(figure: Measured, document: Document) -> PartialDate | None:
    written = figure.at.partition("T")[0]
    return PartialDate.parse(written) if written else document.created_on
