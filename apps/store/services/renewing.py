"""A new dossier about a referenced service: an amendment at any time, a renewal before the agreement ends
(PU-11, STO-22, STO-43, STO-44).
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.access import Actor
from apps.common.dates import PARIS
from apps.store import clocks
from apps.store.models import Candidacy, Listing
from apps.store.services import acting, copying, drafting, numbering
from apps.store.services.errors import UnknownRowError, WrongValueError

Kind = Candidacy.Kind


@transaction.atomic
def begin(*, actor: Actor, listing_id: UUID, kind: Kind, new_id: UUID, at: datetime) -> Candidacy:
    """Begin a draft with everything that the running dossier says; the service stays referenced meanwhile.

    Sent twice with the same `new_id` it is one. Raises `UnfinishedError` when the service has another dossier that is
    not at an end, `WrongValueError` (`listing`: `over`; `kind`: `too-soon`), `UnknownRowError`, `AccessDeniedError`.
    """
    member = acting.member_who_acts(actor)
    numbering.wait_for_turn()
    known = drafting.already_there(publisher=member.publisher, candidacy_id=new_id)
    if known is not None:
        return known
    listing = Listing.objects.visible_to(actor).select_related("candidacy__service").filter(pk=listing_id).first()
    if listing is None:
        raise UnknownRowError
    if kind not in possible(listing, at=at):
        raise WrongValueError(*(("listing", "over") if listing.goes else ("kind", "too-soon")))
    return copying.draft_from(listing.candidacy, actor=actor, new_id=new_id, at=at, kind=kind)


def possible(listing: Listing, *, at: datetime) -> tuple[Kind, ...]:
    """Kinds of dossier that may be begun about a service now."""
    if listing.goes:
        return ()
    is_soon = at.astimezone(PARIS).date() >= opens_on(listing)
    return (Kind.RENEWAL, Kind.AMENDMENT) if is_soon else (Kind.AMENDMENT,)


def opens_on(listing: Listing) -> date:
    """First day on which a renewal may be begun."""
    return clocks.months_after(listing.agreement_ends_on, -settings.STORE_RENEWAL_MONTHS)
