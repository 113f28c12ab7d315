"""Two representatives who want the opposite: an operator decides on documents, both are told (decisions.md 7, O-08)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import InsIdentity, User
from apps.audit.services import Line, record
from apps.rollout.models import Capacity, Channel, Conflict, EligiblePerson
from apps.rollout.services import opposing
from apps.rollout.services.acting import person_who_acts
from apps.rollout.services.telling import tell_decision
from apps.rollout.services.voices import capacities_of, representatives_of, voice_of, who_asked_to_open
from apps.rollout.services.wishes import Wish

Outcome = Conflict.Outcome


class UnknownConflictError(Exception):
    """No such conflict."""


class DecidedError(Exception):
    """Somebody has decided meanwhile."""


@transaction.atomic
def decide(*, actor: Actor, conflict_id: UUID, outcome: Conflict.Outcome, reason: str, at: datetime) -> Conflict:
    """Let the opposition stand, or let the space open: the hold ends, both are told, not who the other one is.

    Raises `UnknownConflictError`, `DecidedError`, `AccessDeniedError`, and what `opposing.withdraw` raises.
    """
    user = User.objects.get(pk=person_who_acts(actor))
    conflict = _open_conflict(conflict_id)
    person = (
        EligiblePerson.objects.select_for_update(of=("self",)).select_related("identity").get(pk=conflict.person_id)
    )
    readers = voices_of(conflict=conflict, person=person)
    conflict.outcome, conflict.reason, conflict.decided_by, conflict.decided_at = outcome, reason, user, at
    conflict.save(update_fields=["outcome", "reason", "decided_by", "decided_at"])
    EligiblePerson.objects.filter(pk=person.pk, hold=EligiblePerson.Hold.CONFLICT).update(hold="")
    if outcome == Outcome.OPENING:
        capacity, by = _opener(conflict, person, at)
        wish = Wish(channel=Channel.POST, capacity=capacity, received_at=at, by=by, operator=user)
        opposing.withdraw(person_id=person.pk, wish=wish, at=at, settled=True)
    tell_decision(person=person, conflict=conflict, readers=readers, at=at)
    facts = {"outcome": outcome.value, "person": str(person.pk)}
    record(
        actor=actor, at=at, line=Line(action="rollout.conflict.decide", target=f"conflict:{conflict.pk}", facts=facts)
    )
    return conflict


def voices_of(*, conflict: Conflict, person: EligiblePerson) -> list[InsIdentity]:
    """Whoever spoke, and the representatives of a minor: those who are told."""
    opposition = conflict.opposition
    spoke = (
        conflict.against,
        voice_of(person, capacity=opposition.capacity, by=opposition.by),
        who_asked_to_open(person),
    )
    known = {one.pk: one for one in (*spoke, *representatives_of(person)) if one is not None}
    return [known[pk] for pk in sorted(known)]


def _open_conflict(conflict_id: UUID) -> Conflict:
    rows = Conflict.objects.select_for_update(of=("self",)).select_related("opposition__by", "against")
    conflict = rows.filter(pk=conflict_id).first()
    if conflict is None:
        raise UnknownConflictError
    if conflict.decided_at is not None:
        raise DecidedError
    return conflict


def _opener(conflict: Conflict, person: EligiblePerson, at: datetime) -> tuple[Capacity, InsIdentity | None]:
    """Who wanted the space, as far as the register knows, and as what; never the one who opposed."""
    opposed = voice_of(person, capacity=conflict.opposition.capacity, by=conflict.opposition.by)
    known = [one for one in (conflict.against, who_asked_to_open(person)) if one is not None]
    other = next((one for one in known if opposed is None or one.pk != opposed.pk), None)
    allowed = capacities_of(person, at=at)
    if other is not None and other.pk == person.pk and Capacity.SELF in allowed:
        return Capacity.SELF, None
    by = other if other is not None and other.pk != person.pk else None
    return next((one for one in allowed if one != Capacity.SELF), allowed[0]), by
