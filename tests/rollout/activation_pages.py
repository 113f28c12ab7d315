"""People, letters and browsers for the tests of the pages of S-08."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from apps.rollout.models import Activation, Capacity, Channel
from apps.rollout.services import opposing
from apps.rollout.services.wishes import Wish
from tests import factories
from tests.cast import client_of
from tests.harness.clock import NOON

START, IDENTIFY = "/activation/", "/activation/identite/"
LATER = {"break_glass": "plus-tard", "call": "plus-tard", "masked": "plus-tard"}
NEUTRAL = "Nous ne retrouvons pas ce code avec cette date de naissance et ce numéro. Vérifiez les trois."


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
