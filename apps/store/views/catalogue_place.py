"""Where the catalogue is read: by anybody, or in a space, with the same words and other addresses."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`space_id` None: the public catalogue."""

    space_id: UUID | None = None

    @property
    def is_space(self) -> bool:
        return self.space_id is not None

    @property
    def catalogue_url(self) -> str:
        return self._url("catalogue")

    def service_url(self, slug: str) -> str:
        return self._url("service", slug)

    def picture_url(self, slug: str, picture_id: UUID) -> str:
        """Pictures are the same for everybody."""
        return reverse("store:service_picture", args=[slug, picture_id])

    def report_url(self, slug: str) -> str:
        return self._url("report", slug)

    def _url(self, name: str, *args: str) -> str:
        if self.space_id is None:
            return reverse(f"store:{name}", args=args)
        return reverse(f"store:space_{name}", args=[self.space_id, *args])
