"""Whom something of a space is told to (IDN-57, NOT-04, SPA-47, SPA-55)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from apps.spaces.audience import people_to_tell
from tests import factories
from tests.cast import Who, make_cast
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def test_not_04_the_holder_alone_unless_the_rule_says_delegates(cast):
    assert people_to_tell(space_id=cast.space.id, at=NOON) == [cast.users[Who.HOLDER].pk]


def test_not_06_delegates_whose_mandate_runs_where_the_rule_says_so(cast):
    told = people_to_tell(space_id=cast.space.id, at=NOON, delegates=True)

    assert set(told) == {cast.users[Who.HOLDER].pk, cast.users[Who.DELEGATE].pk}


def test_spa_47_of_a_child_the_representatives_of_today(cast):
    factories.user(person=cast.child_space.identity)

    assert people_to_tell(space_id=cast.child_space.id, at=NOON) == [cast.users[Who.PARENT].pk]
    assert cast.users[Who.EX_PARENT].pk in people_to_tell(space_id=cast.child_space.id, at=NOON - timedelta(days=1))


def test_acc_33_nobody_of_a_child_when_it_is_kept_from_representatives(cast):
    assert people_to_tell(space_id=cast.child_space.id, at=NOON, representatives=False) == []


def test_of_a_protected_adult_both(cast):
    guardian = factories.identity(first_given_name="GAEL")
    factories.representation(of=cast.space, person=guardian, capacity="MJPM", ends_at=None)
    user = factories.user(person=guardian)

    assert set(people_to_tell(space_id=cast.space.id, at=NOON)) == {cast.users[Who.HOLDER].pk, user.pk}


def test_people_without_sign_in_are_nobody():
    assert people_to_tell(space_id=factories.space().id, at=NOON) == []
    assert people_to_tell(space_id=UUID(int=1), at=NOON) == []


def test_spa_55_a_relative_without_the_documents_is_told_of_none():
    space = factories.space()
    relative = factories.identity()
    factories.user(person=relative)
    factories.delegation(of=space, person=relative, sections={"history": "read"})

    assert people_to_tell(space_id=space.id, at=NOON, delegates=True) == []


def test_spa_51_whoever_assists_is_told_nothing():
    space = factories.space()
    curator = factories.identity()
    factories.user(person=curator)
    factories.representation(of=space, person=curator, ends_at=None, mode="assistance", consented_at=space.opened_at)

    assert people_to_tell(space_id=space.id, at=NOON) == []
