"""People with a letter in the hand: the row of the register, its code as an attribute."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from apps.accounts.models import InsIdentity
from apps.rollout.models import Capacity, Channel, EligiblePerson
from apps.rollout.services.wishes import Wish
from apps.rollout.transitions import Step, move
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories

BORN = "1958-03-07"


def marguerites_letter() -> Any:
    """The person of the mock-ups, with her code."""
    identity = portal.identity(first_given_name="MARGUERITE", birth_family_name="DUVAL", birth_date=BORN)
    person: Any = factories.person(identity=identity)
    _notice, person.code = factories.noticed(person)
    return person


def letter_for_child(mother: EligiblePerson, **values: Any) -> Any:
    """A child of nine whose notice went to the mother."""
    child: Any = factories.person(
        identity=portal.child_identity(**values), situation="MINEUR", mail=mother.mail,
        rl1_number=mother.identity.ins_number,
    )  # fmt: skip
    _notice, child.code = factories.noticed(child, reader=mother.identity)
    return child


def open_yesterday(person: EligiblePerson, **values: Any) -> HealthSpace:
    """The space that the job opened a day before NOON."""
    space = portal.space(person=person.identity, opened_at=NOON - timedelta(days=1), **values)
    move(person, Step(to=EligiblePerson.State.OPEN, at=space.opened_at, actor="rollout.open"))
    return space


def wish(**values: Any) -> Wish:
    """What somebody says online for themselves."""
    return Wish(**{"channel": Channel.ONLINE, "capacity": Capacity.SELF, "received_at": NOON, **values})


def parents_wish(by: InsIdentity, **values: Any) -> Wish:
    return wish(capacity=Capacity.PARENT, by=by, **values)


def waiting(**values: Any) -> EligiblePerson:
    """Somebody whose notice left ten days ago."""
    person = factories.person(**values)
    factories.noticed(person)
    return person


def family() -> tuple[EligiblePerson, InsIdentity, InsIdentity]:
    """A child whose notice went to the mother, the mother, the father; all three of the register."""
    mother, father = factories.person(), factories.person(mail="pere@example.fr")
    child = factories.person(
        identity=portal.child_identity(),
        situation=EligiblePerson.Situation.MINOR,
        rl1_number=mother.identity.ins_number,
        rl2_number=father.identity.ins_number,
    )
    factories.noticed(child, reader=mother.identity)
    return child, mother.identity, father.identity


def state_of(person: EligiblePerson) -> str:
    return EligiblePerson.objects.get(pk=person.pk).state
