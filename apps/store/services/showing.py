"""Pictures on the public page of a service: those that we drew of its logo and its screenshots (STO-84, SEC-11)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from apps.files.derived import read_derived
from apps.files.models import StoredFile
from apps.store.models import Evidence, Listing
from apps.store.services.errors import UnknownRowError

Use = Evidence.Use


def drawn() -> QuerySet[Evidence]:
    """Pieces whose picture is made, with it, in the order of their publisher."""
    rows = Evidence.objects.filter(removed_at=None, picture__file_id__isnull=False).select_related("picture")
    return rows.order_by("position", "id")


def logo_of(listing: Listing) -> Evidence | None:
    """The logo, of a row out of `catalogue.find` or `service_named`."""
    return next((piece for piece in _pieces(listing) if piece.use == Use.LOGO), None)


def screenshots_of(listing: Listing) -> list[Evidence]:
    """Screenshots with their words, of a row out of `catalogue.find` or `service_named`."""
    return [piece for piece in _pieces(listing) if piece.use == Use.SCREENSHOT]


def picture_bytes(listing: Listing, *, picture_id: UUID) -> bytes:
    """A JPEG that stands on the page. Raises `UnknownRowError`, `FileGoneError`, `StoreUnavailableError`."""
    piece = next((piece for piece in _pieces(listing) if piece.picture.pk == picture_id), None)
    if piece is None:
        raise UnknownRowError
    made = StoredFile.objects.select_related("vault").filter(pk=(piece.vault_id, piece.picture.file_id)).first()
    if made is None:
        raise UnknownRowError
    return read_derived(made)


def _pieces(listing: Listing) -> list[Evidence]:
    found: list[Evidence] = getattr(listing.candidacy, "shown_pieces", [])
    return found
