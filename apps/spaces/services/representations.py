"""Who represents or assists the holder, and until when (SPA-41, SPA-42, SPA-48, SPA-50, SPA-51)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from apps.access import Actor, Rights
from apps.audit.services import Line, record
from apps.spaces import policies
from apps.spaces.models import DelegationInvitation, HealthSpace, Representation
from apps.spaces.services.choices import locked_space
from apps.spaces.services.errors import DelegationNotFoundError
from apps.spaces.services.finding import draft_of
from apps.spaces.services.invitations import Kind, send_invitation
from apps.spaces.telling import tell_person, tell_space


def representations_of(*, actor: Actor) -> Sequence[Representation]:
    """All representations and assistances of the space with their end, those that run first. Only for its holder and
    its representatives. Raises `AccessDeniedError`.
    """
    policies.may_decide(actor, policies.REPRESENTATIVES_RULE).required()
    found = Representation.objects.with_end().filter(space_id=actor.space_id).select_related("person")
    return list(found.order_by("-until", "starts_at", "id"))


def invitations_to_represent(*, actor: Actor) -> Sequence[DelegationInvitation]:
    """Second representatives who were invited: the first one is told of the answer (SPA-41)."""
    policies.may_decide(actor, policies.REPRESENTATIVES_RULE).required()
    found = DelegationInvitation.objects.sent().filter(space_id=actor.space_id, kind=Kind.LEGAL_REPRESENTATION)
    return list(found.select_related("person").order_by("-sent_at", "-id"))


def twins_of(*, space: HealthSpace, person_id: UUID, at: datetime) -> Sequence[HealthSpace]:
    """Open spaces of other children of this representative born on the same day: the flow asks which ones (SPA-42)."""
    born = space.identity.birth_date
    same_day = HealthSpace.objects.reachable_by(person_id, at=at).filter(identity__birth_date=born).exclude(pk=space.pk)
    return [one for one in same_day if one.represented_until is not None]


@transaction.atomic
def invite_representative(
    *, actor: Actor, search_id: UUID, also: Collection[str], at: datetime
) -> Sequence[DelegationInvitation]:
    """Invite the second parent found by a search, for this child and for the twins that were ticked (SPA-41, SPA-42).

    `also`: ids of spaces of twins; others are left out. All or none. Raises what `send_invitation` raises.
    """
    draft = draft_of(actor=actor, search_id=search_id, at=at)
    sent = [send_invitation(actor=actor, search_id=search_id, at=at)]
    if draft is None:
        return sent
    space = HealthSpace.objects.select_related("identity").get(pk=draft.space_id)
    for twin in twins_of(space=space, person_id=draft.inviter_id, at=at):
        if str(twin.pk) in also:
            there = replace(
                actor, space_id=twin.pk, rights=Rights(space_open=True, rights_until=twin.represented_until)
            )
            sent.append(send_invitation(actor=there, search_id=_copy(draft, twin), at=at))
    return sent


@transaction.atomic
def agree_to_assistance(*, actor: Actor, representation_id: UUID, agrees: bool, at: datetime) -> Representation:
    """The protected person lets whoever assists them see the space, or no longer (SPA-51). Both are told.

    The same answer twice changes nothing. Raises `DelegationNotFoundError` (no such running assistance),
    `AccessDeniedError`, `SpaceNotFoundError`.
    """
    decision = policies.may_agree_to_assistance(actor).required()
    space = locked_space(actor)
    rows = Representation.objects.not_over(at=at).assisting().filter(space_id=space.id, id=representation_id)
    row: Representation | None = rows.first()
    if row is None:
        raise DelegationNotFoundError
    if (row.consented_at is not None) == agrees:
        return row
    row.consented_at = at if agrees else None
    row.save(update_fields=["consented_at"])
    action = "spaces.assistance.agree" if agrees else "spaces.assistance.withdraw"
    record(actor=actor, at=at, line=Line(action=action, target=f"representation:{row.id}", decision=decision))
    act = f"{'agreed' if agrees else 'withdrawn'}:{at.isoformat()}"
    tell_person(person_id=row.person_id, act=act, about=row, at=at)
    tell_space(space_id=space.id, act=act, about=row, at=at)
    return row


def _copy(draft: DelegationInvitation, twin: HealthSpace) -> UUID:
    made = DelegationInvitation.objects.create(
        space_id=twin.pk,
        kind=draft.kind,
        person_id=draft.person_id,
        inviter_id=draft.inviter_id,
        search_id=uuid4(),
        searched_at=draft.searched_at,
        capacity=draft.capacity,
        sections={},
    )
    return made.search_id
