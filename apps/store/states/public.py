"""What the public reads of the state of a service: watch and terms stay between publisher and back office (STO-87)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from apps.store.states.words import ListingStatus


class PublicState(models.TextChoices):
    """Values stand in the open data."""

    REFERENCED = "reference", pgettext_lazy("catalogue", "referenced")
    SUSPENDED = "suspendu", pgettext_lazy("catalogue", "suspended")
    LEAVING = "retrait_programme", pgettext_lazy("catalogue", "withdrawal planned")
    WITHDRAWN = "retire", pgettext_lazy("catalogue", "withdrawn")
    EXPIRED = "expire", pgettext_lazy("catalogue", "agreement over")


_STATES = {
    ListingStatus.SUSPENDED: PublicState.SUSPENDED,
    ListingStatus.LEAVING: PublicState.LEAVING,
    ListingStatus.WITHDRAWN: PublicState.WITHDRAWN,
    ListingStatus.EXPIRED: PublicState.EXPIRED,
}


def public_state(status: str) -> PublicState:
    """An audit or a formal notice that runs is nobody else's matter: the service is referenced."""
    return _STATES.get(ListingStatus(status), PublicState.REFERENCED)
