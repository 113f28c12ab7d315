"""Finding a person who has an account, by all her traits at once and never by fewer (SPA-53)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from apps.access import Actor, Decision
from apps.accounts.models import InsIdentity
from apps.audit.services import Line, record
from apps.common.text import fold
from apps.spaces import policies
from apps.spaces.models import DelegationInvitation, HealthSpace
from apps.spaces.services.choices import locked_space

SEARCH_LIFE = timedelta(minutes=15)  # how long the answer to a search may be quoted [proposal]
Kind = DelegationInvitation.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What the inviter knows: thirteen characters of the INS number, names, birth date in ten characters."""

    ins_number: str
    first_name: str
    family_name: str
    birth_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is to be offered: sections and days of help (both days included), or a capacity of representation."""

    kind: Kind = Kind.CAREGIVING
    sections: Mapping[str, str] = field(default_factory=dict)
    starts_on: date | None = None
    ends_on: date | None = None
    capacity: str = ""


@transaction.atomic
def search_person(*, actor: Actor, traits: Traits, terms: Terms, at: datetime) -> DelegationInvitation | None:
    """Look for the person with an account whom all four traits describe; the answer is a draft that only the inviter
    sees, quoted by its `search_id` within fifteen minutes (SPA-53).

    None for every miss, whichever trait differs: unknown, dead, without account, oneself. Both outcomes leave a line
    without a name in the trail. Older drafts of the space are thrown away. Raises `AccessDeniedError`,
    `SpaceNotFoundError`.
    """
    decision = _policy(actor, terms.kind).required()
    DelegationInvitation.objects.filter(
        space_id=actor.space_id, sent_at=None, searched_at__lte=at - SEARCH_LIFE
    ).delete()
    space = locked_space(actor)
    inviter = InsIdentity.objects.get(user=actor.user_id)
    found = _person(traits)
    if found is not None and found.pk in (inviter.pk, space.identity_id):
        found = None
    draft = _draft(space, inviter, found, terms, at) if found is not None else None
    line = Line(
        action="spaces.delegate.search",
        decision=decision,
        target=f"search:{draft.search_id}" if draft else "",
        facts={"kind": terms.kind.value, "found": draft is not None},
    )
    record(actor=actor, at=at, line=line)
    return draft


def draft_of(*, actor: Actor, search_id: UUID, at: datetime) -> DelegationInvitation | None:
    """The draft that answers a search of this person in this space, not older than fifteen minutes, not yet sent."""
    found: DelegationInvitation | None = (
        DelegationInvitation.objects.filter(
            space_id=actor.space_id,
            search_id=search_id,
            inviter__user=actor.user_id,
            sent_at=None,
            searched_at__gt=at - SEARCH_LIFE,
        )
        .select_related("person")
        .first()
    )
    return found


def _policy(actor: Actor, kind: Kind) -> Decision:
    if kind == Kind.LEGAL_REPRESENTATION:
        return policies.may_invite_representative(actor)
    return policies.may_manage_delegates(actor)


def _person(traits: Traits) -> InsIdentity | None:
    """Every comparison is made, whatever the ones before said; names as in IDN-17, compound first names whole."""
    known = InsIdentity.objects.with_number(traits.ins_number).filter(user__is_active=True, died_on=None)
    for person in known.order_by("pk")[:1]:
        families = {fold(person.birth_family_name), fold(person.family_name_in_use)} - {""}
        given = {fold(person.first_given_name), fold(person.given_name_in_use)} - {""}
        same = (
            fold(traits.family_name) in families,
            fold(traits.first_name) in given,
            traits.birth_date == person.birth_date,
        )
        if all(same):
            return person
    return None


def _draft(
    space: HealthSpace, inviter: InsIdentity, person: InsIdentity, terms: Terms, at: datetime
) -> DelegationInvitation:
    return DelegationInvitation.objects.create(
        space_id=space.id,
        kind=terms.kind,
        person=person,
        inviter=inviter,
        search_id=uuid4(),
        searched_at=at,
        capacity=terms.capacity,
        sections=dict(terms.sections),
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
    )
