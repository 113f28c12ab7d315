"""What the page says beside the name of a sender: the name alone proves nothing (MSS-22, SEC-23)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.access import Actor
from apps.common.text import fold
from apps.mss.models import Correspondent

_TITLES = frozenset({"DR", "DOCTEUR", "PR", "PROFESSEUR", "M", "MME"})
_RPPS = "8"


class Origin(TextChoices):
    """How far the name of a box is known; the label is what the page says."""

    PROFESSIONAL = "professional", _("Verified in the national directory (RPPS)")
    LISTED = "listed", _("Verified in the national directory")
    UNLISTED = "unlisted", _("Sender who is not in the national directory")
    LOOK_ALIKE = (
        "look-alike",
        _("Sender who is not in the national directory and bears the name of another correspondent"),
    )


def origins(*, actor: Actor, boxes: Collection[Correspondent]) -> dict[UUID, Origin]:
    """The origin of each box, by its id; one query at most, and none where the directory knows them all.

    A box that is not listed and has the name of a listed correspondent of the space, in whatever spelling and order,
    is a look-alike (SEC-23): it may be an honest namesake, which the page leaves to the reader.
    """
    strangers = [box for box in boxes if not box.is_listed]
    listed = _names_of_listed(actor) if strangers else frozenset()
    return {box.id: _origin(box, listed) for box in boxes}


def _origin(box: Correspondent, listed: frozenset[frozenset[str]]) -> Origin:
    if box.is_listed:
        is_person = box.kind == Correspondent.Kind.PERSON and box.national_id.startswith(_RPPS)
        return Origin.PROFESSIONAL if is_person else Origin.LISTED
    return Origin.LOOK_ALIKE if _words(box.display_name) in listed else Origin.UNLISTED


def _names_of_listed(actor: Actor) -> frozenset[frozenset[str]]:
    rows = Correspondent.objects.visible_to(actor).filter(is_listed=True).order_by("id")
    return frozenset(_words(name) for name in rows.values_list("display_name", flat=True))


def _words(name: str) -> frozenset[str]:
    return frozenset(fold(name).replace(",", " ").split()) - _TITLES
