"""People, letters and browsers for the tests of the pages of S-08."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from apps.rollout.models import Activation, Capacity, Channel, EligiblePerson
from apps.rollout.services import opposing
from apps.rollout.services.wishes import Wish
from tests import factories
from tests.cast import client_of
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

START, IDENTIFY = "/activation/", "/activation/identite/"
LATER = {"break_glass": "plus-tard", "call": "plus-tard", "masked": "plus-tard"}
NEUTRAL = "Nous ne retrouvons pas ce code avec cette date de naissance et ce numéro. Vérifiez les trois."


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    cache.clear()
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def alice():
    person = rollout.person()
    _notice, code = rollout.noticed(person)
    return person, code


@pytest.fixture
def rosa_and_lea():
    rosa = factories.identity(first_given_name="ROSA", birth_given_names="ROSA")
    lea = rollout.person(
        identity=factories.child_identity(), situation=EligiblePerson.Situation.MINOR,
        rl1_number=rosa.ins_number, rl1_capacity="MERE",
    )  # fmt: skip
    _notice, code = rollout.noticed(lea, reader=rosa)
    return rosa, lea, code


def full(identity) -> str:
    return identity.ins_number + identity.ins_key


def typed(code, number="", *, born="14 6 1984") -> dict[str, str]:
    day, month, year = born.split()
    return {"code": code, "day": day, "month": month, "year": year, "number": number}


def path(step, row, **values):
    return reverse(f"rollout:activation_{step}", args=[row.pk], **values)


def signed(identity, **values):
    return client_of(factories.user(person=identity), **values)


def begun(client, person) -> Activation:
    client.post(reverse("rollout:activation_begin", args=[person.pk]))
    return Activation.objects.get(person=person)


def opposed(person) -> None:
    wish = Wish(channel=Channel.ACCOUNT, capacity=Capacity.SELF, received_at=NOON - timedelta(days=3))
    opposing.oppose(person_id=person.pk, wish=wish, at=NOON - timedelta(days=3))
