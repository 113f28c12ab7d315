"""Rows for tests: plain functions, keyword-only, valid by default. Numbers are test NIR with a right key."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from apps.access import Actor, Purpose, Rights, Role
from apps.accounts.ins import Authority, control_key
from apps.accounts.models import InsIdentity, StaffMembership, StaffRole, User
from apps.directory.models import Professional
from apps.spaces.models import Delegation, HealthSpace, Representation
from tests.harness.clock import NOON

_orders = itertools.count(1)


def identity(**values: Any) -> InsIdentity:
    """A woman born on 14 June 1984 in Nantes, with a number of her own."""
    # Communes 110 to 119, which no test writes: a number of commune 109 written in a test is nobody else's.
    number = values.pop("ins_number", f"284064411{next(_orders) % 10_000:04d}")
    defaults = {
        "ins_number": number,
        "ins_key": control_key(number),
        "authority": Authority.TEST_NIR,
        "birth_family_name": "MOREL",
        "birth_given_names": "ALICE JEANNE",
        "first_given_name": "ALICE",
        "sex": InsIdentity.Sex.FEMALE,
        "birth_date": "1984-06-14",
        "birth_place": "44109",
        "insi_retrieved": True,
        "evidence_checked": True,
    }
    return InsIdentity.objects.create(**{**defaults, **values})


def child_identity(**values: Any) -> InsIdentity:
    """Nine years old at NOON of the tests."""
    defaults = {"first_given_name": "LEA", "birth_given_names": "LEA ROSE", "birth_date": "2017-03-20"}
    return identity(**{**defaults, **values})


def user(*, person: InsIdentity | None = None, **values: Any) -> User:
    """Somebody without a password, as people of FranceConnect are."""
    return User.objects.create(identity=person, **{"password": "!", **values})


def staff(*roles: StaffRole, **values: Any) -> User:
    """A member of the staff since a month before NOON, with no identity; an operator unless said otherwise."""
    made = user(**values)
    for role in roles or (StaffRole.OPERATOR,):
        StaffMembership.objects.create(user=made, role=role, started_at=NOON - timedelta(days=30))
    return made


def at_work(member: User, *, at: datetime = NOON) -> Actor:
    """A member of the staff as a page makes them act: with the roles that they hold."""
    roles = StaffMembership.objects.filter(user=member, ended_at=None).values_list("role", flat=True)
    return Actor(role=Role.STAFF, at=at, user_id=member.pk, staff_roles=frozenset(roles))


def space(*, person: InsIdentity | None = None, **values: Any) -> HealthSpace:
    """An open space since a year before NOON."""
    return HealthSpace.objects.create(
        identity=person or identity(), **{"opened_at": NOON - timedelta(days=365), **values}
    )


def representation(*, of: HealthSpace, person: InsIdentity, **values: Any) -> Representation:
    defaults = {"capacity": "MERE", "starts_at": of.opened_at, "ends_at": NOON + timedelta(days=3000)}
    return Representation.objects.create(space_id=of.id, person=person, **{**defaults, **values})


def delegation(*, of: HealthSpace, person: InsIdentity, **values: Any) -> Delegation:
    defaults = {"starts_at": NOON - timedelta(days=30), "ends_at": NOON + timedelta(days=30)}
    return Delegation.objects.create(space_id=of.id, person=person, **{**defaults, **values})


def professional(**values: Any) -> Professional:
    """Dr Anne Lefort, general practitioner (profession 10)."""
    defaults = {
        "national_id": f"8{10_990_000_000 + next(_orders)}",
        "family_name": "LEFORT",
        "given_name": "ANNE",
        "title": "DR",
        "profession_code": "10",
        "profession_label": "Médecin",
        "seen_on": NOON.date(),
    }
    return Professional.objects.create(**{**defaults, **values})


def holder(of: HealthSpace, *, at: datetime = NOON, **values: Any) -> Actor:
    """The holder of a space as a request would build it; no user row unless `user_id` is given."""
    return Actor(
        role=Role.HOLDER,
        at=at,
        space_id=of.id,
        purpose=Purpose.OWN,
        level="eidas1",
        rights=Rights(space_open=True),
        **values,
    )


def system(of: HealthSpace, *, at: datetime = NOON) -> Actor:
    """The registry's door into a space: deposits without a person."""
    return Actor(role=Role.SYSTEM, at=at, space_id=of.id, rights=Rights(space_open=True))
