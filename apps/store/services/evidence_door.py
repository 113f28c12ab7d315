"""When a dossier takes files: as a draft, while something that was asked for is open, and for a certificate that
follows another one while the service is referenced (STO-05, STO-10, STO-30).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from apps.store.models import Candidacy, Listing, Request, Reservation
from apps.store.states import Queue, Status
from apps.store.states.dossier import ENDED
from apps.store.states.listing import OVER

ASKED = (Status.INCOMPLETE, Status.COMPLEMENT)


class Why(StrEnum):
    """What lets files in."""

    DRAFT = "draft"
    REQUEST = "request"
    RESERVATION = "reservation"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`since`: when it was opened last; what came before it was sent and stays (STO-10). None for a draft.

    `renews`: of a referenced service, whose certificates are followed by new ones (STO-30).
    """

    why: Why
    since: datetime | None = None
    renews: bool = False

    @property
    def is_open(self) -> bool:
        return self.why is not Why.NOTHING

    def lets_follow(self, valid_until: date | None) -> bool:
        """Whether a new version of a piece may take its place."""
        return self.is_open or (self.renews and valid_until is not None)

    def lets_out(self, added_at: datetime) -> bool:
        """Whether a piece of this moment may still be taken away or described anew."""
        return self.why is Why.DRAFT or (self.is_open and self.since is not None and added_at >= self.since)


CLOSED = Door(why=Why.NOTHING)


def door_of(candidacy: Candidacy) -> Door:
    """Whether the dossier takes files now: two queries at most."""
    if candidacy.status == Status.DRAFT:
        return Door(why=Why.DRAFT)
    if candidacy.status in ASKED:
        asked = open_request(candidacy)
        return Door(why=Why.REQUEST, since=asked.asked_at) if asked is not None else CLOSED
    made = [reservation.made_at for reservation in open_reservations(candidacy)]
    renews = candidacy.status == Status.PUBLISHED and _is_listed(candidacy)
    if made:
        return Door(why=Why.RESERVATION, since=_since(candidacy, made), renews=renews)
    return Door(why=Why.NOTHING, renews=renews)


def open_request(candidacy: Candidacy) -> Request | None:
    """The request that waits for the publisher, with whoever asked."""
    if candidacy.queue != Queue.PUBLISHER or candidacy.status not in ASKED:
        return None
    return candidacy.requests.select_related("asked_by").filter(answered_at=None, timed_out_at=None).first()


def asks_for(candidacy: Candidacy, *, item: str) -> bool:
    """Whether the open request names this line of the desk's list (STO-51)."""
    asked = open_request(candidacy)
    return asked is not None and asked.items.filter(item=item).exists()


def open_reservations(candidacy: Candidacy) -> list[Reservation]:
    """Reservations that the publisher can answer now: suspensive ones in their turn, others until they are lifted."""
    rows = Reservation.objects.filter(candidacy=candidacy, lifted_at=None, superseded_at=None).order_by("due_on", "id")
    if candidacy.status == Status.RESERVATIONS:
        return list(rows) if candidacy.queue == Queue.PUBLISHER else []
    if candidacy.status in {Status.DRAFT, *ENDED} - {Status.PUBLISHED}:
        return []
    return list(rows.filter(is_suspensive=False))


def _is_listed(candidacy: Candidacy) -> bool:
    return Listing.objects.filter(candidacy=candidacy).exclude(status__in=OVER).exists()


def _since(candidacy: Candidacy, made: list[datetime]) -> datetime:
    """The turn that runs, else the first of the reservations."""
    if candidacy.status == Status.RESERVATIONS and candidacy.waits_since is not None:
        return candidacy.waits_since
    return min(made)
