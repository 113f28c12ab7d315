"""Writing first to a pharmacy (MSS-21): chosen in the directory, it becomes a correspondent of the space."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor
from apps.audit.services import Line, record
from apps.common.limits import allow
from apps.directory import boxes
from apps.directory.models import Mailbox
from apps.mss import policies
from apps.mss.models import Correspondent
from apps.mss.services.locking import lock_space

LIMIT = "mss_pharmacy"  # new pharmacies of one space a day (MSS-84)


class PharmacyNotFoundError(Exception):
    """The directory has no such pharmacy with a box, or not any more."""


class TooManyPharmaciesError(Exception):
    """More new pharmacies than a day allows (MSS-84); `retry_at` says when the next one may be chosen."""

    def __init__(self, retry_at: datetime | None) -> None:
        super().__init__(retry_at)
        self.retry_at = retry_at


def find(*, actor: Actor, text: str) -> list[Mailbox]:
    """Pharmacies by name, town or post code; nothing for whoever may not write, nor for less than three letters."""
    return boxes.pharmacies(text) if policies.may_manage(actor) else []


@transaction.atomic
def choose(*, actor: Actor, box_id: UUID, at: datetime) -> Correspondent:
    """The correspondent that this pharmacy is to the space, made at the first choice; twice is once.

    Raises `PharmacyNotFoundError`, `TooManyPharmaciesError`, `AccessDeniedError`.
    """
    decision = policies.may_manage(actor).required()
    if actor.space_id is None:
        raise AccessDeniedError(policies.SPACE_NOT_OPEN)
    lock_space(actor.space_id)
    pharmacy = boxes.pharmacy(box_id)
    if pharmacy is None:
        raise PharmacyNotFoundError(box_id)
    known = Correspondent.objects.visible_to(actor).filter(address=pharmacy.address).first()
    if known is not None and known.is_pharmacy:
        return known
    verdict = allow(act=LIMIT, key=str(actor.space_id), at=at)
    if not verdict.allowed:
        raise TooManyPharmaciesError(verdict.retry_at)
    correspondent = known or Correspondent(space_id=actor.space_id, address=pharmacy.address)
    correspondent.display_name, correspondent.national_id = pharmacy.name, pharmacy.national_id
    correspondent.kind, correspondent.is_listed, correspondent.is_pharmacy = Correspondent.Kind.ORGANISATION, True, True
    correspondent.save()
    line = Line(action="mss.pharmacy.choose", target=f"correspondent:{correspondent.id}", decision=decision)
    record(actor=actor, at=at, line=line)
    return correspondent
