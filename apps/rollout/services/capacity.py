"""In which capacity somebody may decide about the space of a person of the register (O-03, SPA-40, SPA-50)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.models import InsIdentity
from apps.rollout.models import Capacity, EligiblePerson
from apps.spaces.majority import is_minor

Measure = EligiblePerson.Measure
_REPRESENTED = frozenset({Measure.GUARDIANSHIP, Measure.FAMILY_AUTHORISATION})


def capacity_of(*, person: EligiblePerson, identity_id: UUID, at: datetime) -> Capacity | None:
    """What this identity is to the person at `at`; None for whoever may decide nothing.

    A minor never decides alone (SPA-47); the parents whom the file names do, until the 18th birthday. An adult decides,
    and so does who represents them for their person; assistance gives nothing (SPA-50, SPA-51). A number that means two
    people means nobody, as at the opening. A query or two.
    """
    minor = is_minor(person.identity.born_on, at=at)
    if person.pk == identity_id:
        return None if minor else Capacity.SELF
    if identity_id not in representatives_of(person):
        return None
    if minor:
        return Capacity.PARENT
    return Capacity.PROTECTOR if person.measure in _REPRESENTED else None


def representatives_of(person: EligiblePerson) -> list[UUID]:
    """The living people whom the numbers of the file name, the first one before the second."""
    found = (_named(number) for number in (person.rl1_number, person.rl2_number) if number)
    return [identity_id for identity_id in found if identity_id is not None]


def _named(number: str) -> UUID | None:
    found = dict(InsIdentity.objects.with_number(number).values_list("pk", "died_on"))
    alive = [pk for pk, died_on in found.items() if died_on is None]
    return alive[0] if len(found) == 1 and alive else None
