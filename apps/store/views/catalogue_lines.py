"""Cards of the catalogue (ST-01): no stars, no rank, the same lines for every service (STO-85)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.store.models import Candidacy, Evidence, Listing, Sheet
from apps.store.services import showing
from apps.store.services.catalogue import sheet_of
from apps.store.states.public import PublicState, public_state
from apps.store.views.catalogue_place import Place
from apps.ui.components import Pair
from apps.ui.words import day

ICONS = {
    PublicState.REFERENCED: "checkbox-circle-line",
    PublicState.SUSPENDED: "pause-circle-line",
    PublicState.LEAVING: "time-line",
    PublicState.WITHDRAWN: "close-circle-line",
    PublicState.EXPIRED: "close-circle-line",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture of ours; `words` say what it shows, empty where the name stands beside it. Sizes in pixels."""

    url: str
    words: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`state` is empty for a service that may be used."""

    name: str
    initials: str
    logo: Shown | None
    url: str
    publisher: str
    tagline: str
    pairs: tuple[Pair, ...]
    state: str
    icon: str


def card_of(listing: Listing, place: Place) -> Card:
    """A row out of `catalogue.with_pages`, without a query."""
    sheet, state = sheet_of(listing), public_state(listing.status)
    return Card(
        name=listing.service.name,
        initials=initials_of(listing.service.name),
        logo=logo_of(listing, place),
        url=place.service_url(listing.service.slug),
        publisher=listing.publisher.name,
        tagline=sheet.tagline if sheet else "",
        pairs=(
            Pair(term=_("Price"), value=price_of(sheet)),
            Pair(term=_("Exchange of data"), value=exchange_of(listing)),
            Pair(term=_("Accessibility"), value=rate_of(sheet)),
            Pair(term=_("Referenced since"), value=day(listing.published_at)),
        ),
        state="" if state is PublicState.REFERENCED else state_of(listing),
        icon=ICONS[state],
    )


def state_of(listing: Listing) -> str:
    """State with its day, as lists say it."""
    values = {"since": day(listing.status_at), "effect": day(listing.effect_on)}
    words = {
        PublicState.REFERENCED: _("Referenced"),
        PublicState.SUSPENDED: _("Suspended since %(since)s"),
        PublicState.LEAVING: _("Leaves the catalogue on %(effect)s"),
        PublicState.WITHDRAWN: _("Withdrawn on %(since)s"),
        PublicState.EXPIRED: _("Agreement over since %(since)s"),
    }
    return words[public_state(listing.status)] % values


def logo_of(listing: Listing, place: Place) -> Shown | None:
    """The logo, where one was drawn; its name stands beside it."""
    piece = showing.logo_of(listing)
    return _shown(listing, place, piece, words="") if piece else None


def screenshots_of(listing: Listing, place: Place) -> list[Shown]:
    """Screenshots with what their publisher says that they show."""
    return [_shown(listing, place, piece, words=piece.alternative) for piece in showing.screenshots_of(listing)]


def _shown(listing: Listing, place: Place, piece: Evidence, *, words: str) -> Shown:
    picture = piece.picture
    url = place.picture_url(listing.service.slug, picture.pk)
    return Shown(url=url, words=words, width=picture.width, height=picture.height)


def initials_of(name: str) -> str:
    """Two letters in the place of a logo."""
    parts = [part for part in name.split() if part[0].isalnum()]
    letters = parts[0][:2] if len(parts) == 1 else "".join(part[0] for part in parts[:2])
    return letters.upper()


def price_of(sheet: Sheet | None) -> str:
    """Kind and detail of the price."""
    if sheet is None or not sheet.price:
        return "—"
    said = str(Sheet.Price(sheet.price).label)
    return " · ".join(part for part in (said[:1].upper() + said[1:], sheet.price_detail) if part)


def rate_of(sheet: Sheet | None) -> str:
    """Rate of the statement of accessibility."""
    if sheet is None or sheet.accessibility_rate is None:
        return _("not stated")
    return _("%(rate)s%%") % {"rate": sheet.accessibility_rate}


def exchange_of(listing: Listing) -> str:
    """What is exchanged with the space, in a word."""
    words = {
        Candidacy.Exchange.NONE: pgettext("exchange", "None"),
        Candidacy.Exchange.READ: pgettext("exchange", "Reading"),
        Candidacy.Exchange.WRITE: pgettext("exchange", "Adding"),
        Candidacy.Exchange.READ_WRITE: _("Reading and adding"),
    }
    return words[Candidacy.Exchange(listing.candidacy.exchange)]
