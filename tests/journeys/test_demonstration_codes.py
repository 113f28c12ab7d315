"""Codes that a visitor of the demonstration may try, with what an activation asks for beside them."""

from __future__ import annotations

import pytest

from apps.journeys.demonstration.codes import codes
from apps.rollout.models import EligiblePerson
from apps.rollout.symbols import grouped
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = pytest.mark.django_db


def test_spa_40_the_number_is_that_of_the_addressee():
    adult = rollout.person()
    _notice, of_adult = rollout.noticed(adult)
    rosa = factories.identity(first_given_name="ROSA")
    child = rollout.person(identity=factories.child_identity(), situation=EligiblePerson.Situation.MINOR)
    _notice, of_child = rollout.noticed(child, reader=rosa)

    found = {one.code: one.number for one in codes(at=NOON)}

    assert found == {
        grouped(of_adult): adult.identity.number.full,
        grouped(of_child): rosa.number.full,
    }
    assert {len(number) for number in found.values()} == {15}
