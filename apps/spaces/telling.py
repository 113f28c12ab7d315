"""What people are told about delegations and representations; ids and codes only (NOT-15)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.notifications import services as notifications
from apps.notifications.kinds import Kind
from apps.spaces.audience import people_to_tell
from apps.spaces.models import SpaceOwned


def tell_person(*, person_id: UUID, act: str, about: SpaceOwned, at: datetime) -> None:
    """The person at the other end, when they have an account."""
    _tell(list(User.objects.filter(identity_id=person_id).values_list("pk", flat=True)), act, about, at)


def tell_space(*, space_id: UUID, act: str, about: SpaceOwned, at: datetime, but_not: UUID | None = None) -> None:
    """The holder and those who represent them; not the one who has just acted."""
    _tell([user for user in people_to_tell(space_id=space_id, at=at) if user != but_not], act, about, at)


def _tell(user_ids: list[UUID], act: str, about: SpaceOwned, at: datetime) -> None:
    notifications.announce(
        user_ids=user_ids,
        kind=Kind.DELEGATION,
        at=at,
        key=f"{about._meta.model_name}:{about.id}:{act}",
        space_id=about.space_id,
        facts={"act": act},
    )
