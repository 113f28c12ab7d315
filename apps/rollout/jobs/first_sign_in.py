"""The first sign-in of the holder of an open space activates it (SPA-08, SPA-09)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from apps.access import Actor, Decision, Purpose, Role
from apps.accounts.levels import Level, reaches
from apps.accounts.models import SignInSession
from apps.audit.services import Line, record
from apps.rollout.models import Channel, EligiblePerson
from apps.rollout.transitions import Step, move
from apps.spaces.majority import is_minor
from apps.spaces.models import HealthSpace

AT_MOST = 500
_ALLOWED = Decision(allowed=True, rule="SPA-09")


@transaction.atomic
def note_sign_in(*, identity_id: UUID, at: datetime) -> bool:
    """Mark the open space of this person as activated by a sign-in at `at`, once and for all.

    Nothing for a sign-in from before the opening, for a space that is not open, for a child. Whoever stands in another
    state than OPEN is not moved: a window at 18 goes on beside the open space (SPA-48). Returns whether it was the
    first one.
    """
    people = EligiblePerson.objects.select_for_update(of=("self",)).filter(pk=identity_id)
    person = people.first()
    spaces = HealthSpace.objects.select_for_update(of=("self",)).select_related("identity__user")
    space = spaces.filter(identity_id=identity_id, status=HealthSpace.Status.OPEN, opened_at__lte=at).first()
    if space is None or space.account_activated_at is not None or is_minor(space.identity.born_on, at=at):
        return False
    space.account_activated_at = at
    space.save(update_fields=["account_activated_at"])
    user_id = space.identity.user.pk
    if person is not None and person.state == EligiblePerson.State.OPEN:
        step = Step(to=EligiblePerson.State.OPEN_ACTIVE, at=at, actor=str(user_id), channel=Channel.ACCOUNT)
        move(person, step)
    actor = Actor(role=Role.HOLDER, at=at, user_id=user_id, space_id=space.pk, purpose=Purpose.OWN)
    line = Line(action="spaces.space.activate", target=f"space:{space.pk}", decision=_ALLOWED,
                facts={"channel": Channel.ACCOUNT.value, "first_sign_in": True})  # fmt: skip
    record(actor=actor, at=at, line=line)
    return True


def note_forgotten(*, at: datetime) -> int:
    """What the queue lost, found again by the sessions of these days (REL-03); returns how many were the first."""
    levels = [level.value for level in Level if reaches(level.value, settings.HOLDER_MIN_LEVEL)]
    sessions = SignInSession.objects.filter(
        level__in=levels,
        opened_at__lte=at,
        opened_at__gte=F("user__identity__space__opened_at"),
        user__identity__space__status=HealthSpace.Status.OPEN,
        user__identity__space__account_activated_at=None,
    )
    rows = sessions.order_by("opened_at", "pk").values_list("user__identity_id", "opened_at")[:AT_MOST]
    return sum(note_sign_in(identity_id=identity_id, at=opened_at) for identity_id, opened_at in list(rows))
