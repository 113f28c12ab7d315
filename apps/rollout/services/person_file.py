"""What the register holds about one person beside their traits (RO-03): notices, oppositions, steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.accounts.models import InsIdentity
from apps.rollout.models import Conflict, EligiblePerson, Notice, Opposition, PersonChange, PersonTransition
from apps.spaces.models import HealthSpace

LATEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRepresentative:
    """A representative of the file: `person` is whom the number means, None when the register does not know it or
    when it means several people."""

    number: str
    capacity: str
    person: InsIdentity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFile:
    """One person whole."""

    person: EligiblePerson
    notices: Sequence[Notice]
    oppositions: Sequence[Opposition]
    conflicts: Sequence[Conflict]
    steps: Sequence[PersonTransition]
    changes: Sequence[PersonChange]
    representatives: Sequence[NamedRepresentative]
    space: HealthSpace | None


def file_of(person: EligiblePerson) -> PersonFile:
    """Eight queries, whatever the number of rows."""
    pk = person.pk
    return PersonFile(
        person=person,
        notices=list(
            Notice.objects.filter(person=pk).select_related("reader").order_by("-prepared_at", "-id")[:LATEST]
        ),
        oppositions=list(Opposition.objects.filter(person=pk).order_by("-entered_at", "-id")[:LATEST]),
        conflicts=list(Conflict.objects.filter(person=pk).order_by("-opened_at", "-id")[:LATEST]),
        steps=list(PersonTransition.objects.filter(person_id=pk).order_by("-id")[:LATEST]),
        changes=list(PersonChange.objects.filter(person_id=pk).order_by("-id")[:LATEST]),
        representatives=_representatives(person),
        space=HealthSpace.objects.filter(identity=pk).first(),
    )


def _representatives(person: EligiblePerson) -> Sequence[NamedRepresentative]:
    named = [
        (person.rl1_number, person.get_rl1_capacity_display()),
        (person.rl2_number, person.get_rl2_capacity_display()),
    ]
    return [
        NamedRepresentative(number=number, capacity=capacity, person=_meant(number))
        for number, capacity in named
        if number
    ]


def _meant(number: str) -> InsIdentity | None:
    found = list(InsIdentity.objects.with_number(number).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None
