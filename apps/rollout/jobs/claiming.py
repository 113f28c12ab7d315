"""Whom an opposition may mean whose person was not found: held until it is settled (RO-06)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.common.text import fold
from apps.rollout.models import Claim, EligiblePerson
from apps.rollout.transitions import sources_of

Hold, State = EligiblePerson.Hold, EligiblePerson.State
_AT_MOST = 500  # whom one claim may hold


def meant_by(claim: Claim) -> QuerySet[EligiblePerson]:
    """People before the opening with the same birth date and the same family name or first given name, folded."""
    names = Q(identity__folded_family=fold(claim.family_name)) | Q(
        identity__folded_first_given=fold(claim.given_name.split()[0] if claim.given_name.split() else "")
    )
    return EligiblePerson.objects.filter(
        names, identity__birth_date=claim.birth_date, state__in=sources_of(State.NOT_ELIGIBLE)
    )


@transaction.atomic
def hold_meant(claim: Claim) -> int:
    """Hold whom the claim may mean; somebody held for another reason stays held for that one. Returns how many."""
    people = list(meant_by(claim).select_for_update(of=("self",)).order_by("pk")[:_AT_MOST])
    claim.people.add(*people)
    free = [person.pk for person in people if not person.hold]
    return EligiblePerson.objects.filter(pk__in=free).update(hold=Hold.CLAIM)


def release(claim: Claim) -> int:
    """Let go whom nothing else holds: the claim is settled, no other one that waits may mean them."""
    links = Claim.people.through.objects
    waiting = links.filter(eligibleperson_id=OuterRef("pk"), claim__state=Claim.State.WAITING)
    held = EligiblePerson.objects.filter(claims=claim, hold=Hold.CLAIM).exclude(Exists(waiting))
    ids = list(held.order_by("pk").values_list("pk", flat=True))
    return EligiblePerson.objects.filter(pk__in=ids, hold=Hold.CLAIM).update(hold="")


def hold_claimed(*, at: datetime) -> int:
    """Hold newcomers whom a claim that waits may mean, and who was let go for another reason; returns how many."""
    del at
    waiting = Claim.objects.filter(state=Claim.State.WAITING).order_by("due_on", "id")
    return sum(_hold_again(claim_id) for claim_id in waiting.values_list("pk", flat=True))


@transaction.atomic
def _hold_again(claim_id: UUID) -> int:
    claim = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id, state=Claim.State.WAITING).first()
    return hold_meant(claim) if claim is not None else 0
