"""Reads of the catalogue: what anybody finds, and one service with everything that stands on its page (STO-84, STO-86).

Nothing here depends on who asks, and nobody pays for a place (STO-85).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import CharField, F, Func, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Concat

from apps.common.text import fold
from apps.store import subjects
from apps.store.criteria import Criterion
from apps.store.models import Candidacy, Judgement, Listing, ListingEvent, Sheet
from apps.store.services import judging, showing
from apps.store.services.errors import UnknownRowError
from apps.store.states import ListingStatus

WORDS_AT_MOST = 10
BY_NAME, BY_DATE = "nom", "date"
WITH, WITHOUT = "avec", "sans"
_SHOWN = {"candidacy__sheets__shown_at__isnull": False, "candidacy__sheets__replaced_at": None}
_MET = frozenset({Judgement.Verdict.CONFORM, Judgement.Verdict.RESERVATION})


class Folded(Func):
    """Capitals without diacritics, as `apps.common.text.fold` writes names that are kept."""

    output_field = CharField()
    template = "upper(regexp_replace(normalize(%(expressions)s, NFD), '[\u0300-\u036f]', '', 'g'))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for; empty parts are no wish. `accessible`: least rate in percent."""

    words: str = ""
    need: str = ""
    price: str = ""
    audience: str = ""
    accessible: int | None = None
    exchange: str = ""
    platform: str = ""
    sort: str = BY_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One applicable criterion with the verdict that stands, if there is one."""

    criterion: Criterion
    verdict: str
    at: datetime | None

    @property
    def is_met(self) -> bool:
        return self.verdict in _MET


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """All criteria that apply to a service; one that the assessor found without object applies no longer."""

    lines: tuple[Checked, ...] = field(default=())

    @property
    def met(self) -> int:
        return sum(line.is_met for line in self.lines)

    @property
    def last_at(self) -> datetime | None:
        return max((line.at for line in self.lines if line.at), default=None)


def find(wish: Wish) -> QuerySet[Listing]:
    """Services in the catalogue, also suspended ones and those about to leave; three queries with their pages."""
    rows = _with_pictures(Listing.objects.shown().filter(**_SHOWN, **_wanted(wish)))
    if wish.exchange:
        is_none = Q(candidacy__exchange=Candidacy.Exchange.NONE)
        rows = rows.filter(is_none if wish.exchange == WITHOUT else ~is_none)
    order = ("-published_at", "-id") if wish.sort == BY_DATE else ("service__folded_name", "id")
    return _with_words(rows, wish.words).order_by(*order)


def with_pages(rows: QuerySet[Listing]) -> QuerySet[Listing]:
    """The same with publisher, service and the page that is shown (`sheet_of`)."""
    shown = Sheet.objects.filter(shown_at__isnull=False, replaced_at=None)
    return rows.select_related("service", "publisher", "candidacy").prefetch_related(
        Prefetch("candidacy__sheets", queryset=shown, to_attr="shown_sheets")
    )


def _with_pictures(rows: QuerySet[Listing]) -> QuerySet[Listing]:
    """The same with the pictures of the page (`showing.logo_of`)."""
    return with_pages(rows).prefetch_related(
        Prefetch("candidacy__evidence", queryset=showing.drawn(), to_attr="shown_pieces")
    )


def sheet_of(listing: Listing) -> Sheet | None:
    """The page that is shown; of rows out of `with_pages`."""
    shown: list[Sheet] = getattr(listing.candidacy, "shown_sheets", [])
    return shown[0] if shown else None


def service_named(slug: str) -> Listing:
    """A service that is or was in the catalogue. Raises `UnknownRowError`."""
    found = _with_pictures(Listing.objects.filter(service__slug=slug)).first()
    if found is None:
        raise UnknownRowError
    return found


def grid_of(candidacy: Candidacy) -> Grid:
    """Criteria and verdicts of the dossier that the page comes from: one query."""
    said = judging.current_judgements(candidacy)
    lines = (_checked(one, said.get(one.code)) for one in subjects.criteria_of(candidacy))
    return Grid(lines=tuple(line for line in lines if line.verdict != Judgement.Verdict.NOT_APPLICABLE))


def suspension_of(listing: Listing) -> ListingEvent | None:
    """The event that suspended a service that is suspended now."""
    if listing.status != ListingStatus.SUSPENDED:
        return None
    into = listing.events.filter(after=ListingStatus.SUSPENDED).exclude(before=ListingStatus.SUSPENDED)
    return into.order_by("-sequence").first()


def _checked(criterion: Criterion, said: Judgement | None) -> Checked:
    return Checked(criterion=criterion, verdict=said.verdict if said else "", at=said.at if said else None)


def _wanted(wish: Wish) -> dict[str, object]:
    wanted: dict[str, object] = {
        "needs__contains": [wish.need] if wish.need else None,
        "price": wish.price or None,
        "audiences__contains": [wish.audience] if wish.audience else None,
        "accessibility_rate__gte": wish.accessible,
        "platforms__contains": [wish.platform] if wish.platform else None,
    }
    return {f"candidacy__sheets__{name}": value for name, value in wanted.items() if value is not None}


def _with_words(rows: QuerySet[Listing], words: str) -> QuerySet[Listing]:
    """Every word stands in the name, the publisher, the tagline or the words of a need."""
    asked = fold(words).split()[:WORDS_AT_MOST]
    if not asked:
        return rows
    hay = Concat(
        F("service__folded_name"), Value(" "), Folded(F("publisher__name")), Value(" "),
        Folded(F("candidacy__sheets__tagline")), output_field=CharField(),
    )  # fmt: skip
    # Both by alias: they stay on the page that is shown; a new join would find drafts, and rows twice.
    rows = rows.alias(hay=hay, wanted=F("candidacy__sheets__needs"))
    for word in asked:
        needs = _needs_with(word)
        rows = rows.filter(Q(hay__contains=word) | Q(wanted__overlap=needs) if needs else Q(hay__contains=word))
    return rows


def _needs_with(word: str) -> list[str]:
    return [code for code, label in Sheet.Need.choices if word in fold(str(label))]
