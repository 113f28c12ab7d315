"""Mailboxes of the directory: who stands behind an address, pharmacies, who left (MSS-06, MSS-21, MSS-27)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.common.text import fold
from apps.directory.models import Establishment, Mailbox, Organisation, Professional

# TRE_R02: dispensing pharmacies, those of mutual societies and of mines, and pharmacies for indoor use (DIR-07).
PHARMACY_SECTORS = ("SA33", "SA38", "SA39", "SA65")
PHARMACY_CATEGORY = "620"  # FINESS
SHORTEST = 3
AT_MOST = 20
_MOST_WORDS = 5
_FINESS_TYPE = "1"


def box_at(address: str) -> Mailbox | None:
    """The box that the directory publishes under this address, in any case."""
    return Mailbox.objects.filter(address=address.lower(), is_active=True).first()


def pharmacies(text: str) -> list[Mailbox]:
    """Pharmacies with a box, by words of their name, their town or the beginning of its post code: twenty at most.

    Nothing for less than three letters. Signs of patterns are letters like others. The address is shown to nobody
    (MSS-22): a page names a box by its id.
    """
    words = fold(text).split()[:_MOST_WORDS]
    if max((len(word) for word in words), default=0) < SHORTEST:
        return []
    found = _of_pharmacies()
    for word in words:
        found = found.filter(
            Q(folded_name__startswith=word)
            | Q(folded_name__contains=f" {word}")
            | Q(folded_town__startswith=word)
            | Q(folded_town__contains=f" {word}")
            | Q(post_code__startswith=word)
        )
    return list(found.order_by("folded_name", "folded_town", "address")[:AT_MOST])


def pharmacy(box_id: UUID | str) -> Mailbox | None:
    """One of the boxes that `pharmacies` may find."""
    return _of_pharmacies().filter(pk=box_id).first()


def left_activity(national_ids: Collection[str]) -> set[str]:
    """Those of the people and establishments that the directory knows and no longer holds as active (MSS-27)."""
    if not national_ids:
        return set()
    gone = set(
        Professional.objects.filter(national_id__in=national_ids, is_active=False).values_list("national_id", flat=True)
    )
    places = {one[1:]: one for one in national_ids if one.startswith(_FINESS_TYPE)}
    if places:
        closed = Establishment.objects.filter(finess__in=places, is_active=False)
        gone |= {places[finess] for finess in closed.values_list("finess", flat=True)}
    return gone


def _of_pharmacies() -> QuerySet[Mailbox]:
    here = {"finess": OuterRef("finess")}
    return Mailbox.objects.filter(
        Exists(Organisation.objects.filter(sector_code__in=PHARMACY_SECTORS, **here))
        | Exists(Establishment.objects.filter(category_code=PHARMACY_CATEGORY, is_active=True, **here)),
        box_type=Mailbox.Type.ORGANISATION,
        is_active=True,
    ).exclude(finess="")
