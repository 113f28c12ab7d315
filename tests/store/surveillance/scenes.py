"""What tests of referenced services have in common."""

from __future__ import annotations

from apps.access import Actor
from apps.store.models import Listing
from apps.store.services.deciding import Reasons
from tests.store import factories

WHY = Reasons(ground="arrete-2023-11-20", facts="Le certificat HDS est échu.", signatory="Claire Aubin, déléguée")


def fresh(listing: Listing) -> Listing:
    listing.refresh_from_db()
    return listing


def owner_of(listing: Listing) -> Actor:
    """Its only member."""
    return factories.as_publisher(listing.publisher.members.get())
