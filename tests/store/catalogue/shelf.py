"""Services on the shelf: a listing with the page that a test wants."""

from __future__ import annotations

from typing import Any

from apps.common.text import fold
from apps.store.models import ConsentText, Judgement, Listing, ListingEvent
from apps.store.services import catalogue
from apps.store.states import ListingStatus, Status
from tests.harness.clock import NOON
from tests.store import factories


def put(
    name: str, *, publisher: str = "Pneumo Services", status: ListingStatus = ListingStatus.PUBLISHED,
    exchange: str = "none", listing: dict[str, Any] | None = None, **sheet: Any,
) -> Listing:  # fmt: skip
    """A service of a publisher of its own, with a page that has been shown for a month."""
    by = factories.member(publisher=factories.publisher(name=publisher))
    slug = fold(name).lower().replace(" ", "-")
    dossier = factories.candidacy(
        Status.PUBLISHED, by=by, exchange=exchange, service=factories.service(by.publisher, name=name, slug=slug)
    )
    factories.sheet(dossier, shown_at=NOON, **sheet)
    return factories.listing(status, candidacy=dossier, **(listing or {}))


def judged(of: Listing, *codes: str, verdict: str = "conforme", note: str = "") -> None:
    for code in codes:
        Judgement.objects.create(
            candidacy=of.candidacy, criterion=code, version=1, verdict=verdict, note=note, by=of.candidacy.created_by,
            at=NOON,
        )  # fmt: skip


def asks_for(of: Listing, category: str, direction: str, **values: Any) -> None:
    defaults = {"need": "Montrer la tendance", "access": "Vous", "retention": "24 mois", "security": "Chiffré"}
    ConsentText.objects.create(
        candidacy=of.candidacy, category=category, direction=direction, text="Vous acceptez.",
        written_by=of.candidacy.created_by, written_at=NOON, **{**defaults, **values},
    )  # fmt: skip


def suspended(of: Listing, *, event: str, by: str) -> None:
    ListingEvent.objects.create(
        listing=of, sequence=1, event=event, before="publie", after="suspendu", by=by, actor="x", at=NOON,
        reason="Fuite de données chez Untel",
    )  # fmt: skip


def names(**wish: Any) -> list[str]:
    return [listing.service.name for listing in catalogue.find(catalogue.Wish(**wish))]
