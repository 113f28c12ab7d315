"""Default confidentiality: the setting of the space and its documents change together (SE-02, ACC-32)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.access import Actor
from apps.dmp import services as dmp
from apps.spaces import services as spaces


@transaction.atomic
def change_default_privacy(*, actor: Actor, hidden: bool, at: datetime) -> bool:
    """Hide all documents from professionals, those that are there and those to come, or undo it.

    Undoing shows only what this choice hid: documents hidden one by one, or by their author, stay hidden. What is
    changed for one document afterwards wins. Twice is once. Returns whether something changed.
    Raises `AccessDeniedError` (a delegate may not: SPA-55), `SpaceNotFoundError`.
    """
    if not spaces.set_default_privacy(actor=actor, hidden=hidden, at=at):
        return False
    if actor.space_id is not None:
        dmp.apply_default_visibility(space_id=actor.space_id, hidden=hidden, at=at)
    return True
